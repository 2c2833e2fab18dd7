import { createHmac } from 'node:crypto';
import { encodeBase64url } from './base64url';
import { catalogHash } from './catalog';
import type { Statement } from './statement';
import type { JsonObject } from './strictJson';
import { staticDidResolver } from './didResolver';
import { embedSignature } from './signCatalog';
import {
  DID,
  NOW,
  URL_OF_CATALOG,
  bytesOf,
  documentOf,
  forge,
  kidOf,
  newKey,
  resolverOf,
  sampleCatalog,
  sidecarOf,
  signSample,
  strictHeader,
} from './testdata/publisher';
import { verifyCatalog } from './verifyCatalog';
import type { VerifyOptions } from './verifyCatalog';

const es256 = newKey('ES256');
const rs256 = newKey('RS256');
const ps256 = newKey('PS256');
const ed25519 = newKey('Ed25519');
const mallory = newKey('ES256');

type Setting = Partial<Omit<VerifyOptions, 'source' | 'policy'>> & {
  source?: Partial<VerifyOptions['source']>;
  policy?: Partial<VerifyOptions['policy']>;
};

const verify = (setting: Setting) =>
  verifyCatalog({
    resolver: resolverOf(documentOf(es256, rs256, ps256, ed25519)),
    now: NOW,
    ...setting,
    source: {
      url: URL_OF_CATALOG,
      catalog: bytesOf(sampleCatalog()),
      ...setting.source,
    },
    policy: { profile: 'strict', publisher: DID, ...setting.policy },
  });

const claims = (change: object = {}): Statement & JsonObject =>
  ({
    iss: DID,
    sub: URL_OF_CATALOG,
    iat: NOW.getTime() / 1000,
    exp: NOW.getTime() / 1000 + 3600,
    seq: 7,
    catalog_hash: catalogHash(sampleCatalog()),
    ...change,
  } as Statement & JsonObject);

/** A sidecar by the publisher's own key, with a changed header, claims or key. */
const sidecar = async ({
  header = {},
  payload = {},
  key = es256,
}: {
  header?: object | string;
  payload?: object | string;
  key?: typeof es256;
} = {}) =>
  sidecarOf(
    await forge(
      key,
      typeof header === 'string' ? header : { ...strictHeader(key), ...header },
      typeof payload === 'string' ? payload : claims(payload),
    ),
  );

/** Expects the refusal and nothing to use. */
async function expectRefusal(setting: Setting, code: string, step?: string) {
  const verdict = await verify(setting);
  expect(verdict).toMatchObject({ status: 'refused', tools: [] });
  expect(verdict.highWaterMark).toBeUndefined();
  expect(verdict.reasons[0].code).toBe(code);
  if (step) {
    const failed = verdict.steps.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ name: step, code }]);
  }
}

describe('a catalog that is as it should be', () => {
  it.each([
    ['RS256', rs256],
    ['PS256', ps256],
    ['ES256', es256],
    ['Ed25519', ed25519],
  ])('is verified in strict by %s', async (alg, key) => {
    const { general, payloadHash, statement } = await signSample([key]);
    const verdict = await verify({ source: { sidecar: bytesOf(general) } });
    expect(verdict).toMatchObject({
      status: 'verified',
      reasons: [],
      warnings: [],
      profile: 'strict',
      publisher: DID,
      issuer: DID,
      kid: kidOf(key),
      alg,
      carrier: 'S',
      statement,
      expiresAt: '2026-09-02T12:00:00.000Z',
      catalogHash: catalogHash(sampleCatalog()),
      catalog: sampleCatalog(),
      rejectedTools: [],
      highWaterMark: { seq: 1, payloadHash },
    });
    expect(verdict.tools.map(({ name }) => name)).toEqual(['add', 'echo']);
    expect(verdict.steps.map(({ name, status }) => [name, status])).toEqual([
      ['policy', 'passed'],
      ['fetch', 'skipped'],
      ['encoding', 'passed'],
      ['carrier', 'passed'],
      ['segments', 'passed'],
      ['header', 'passed'],
      ['payload', 'passed'],
      ['issuer', 'passed'],
      ['key', 'passed'],
      ['signature', 'passed'],
      ['times', 'passed'],
      ['order', 'passed'],
      ['hash', 'passed'],
      ['schema', 'passed'],
      ['specs', 'skipped'],
    ]);
  });

  it('is verified whatever the order of its members and its white space', async () => {
    const { general } = await signSample([es256]);
    const { tools, ...rest } = sampleCatalog();
    const verdict = await verify({
      source: {
        sidecar: bytesOf(general),
        catalog: Buffer.from(JSON.stringify({ tools, ...rest }, null, 3)),
      },
    });
    expect(verdict.status).toBe('verified');
  });

  it('trusts the host of its URL if the policy names nobody', async () => {
    const { general } = await signSample([es256]);
    const verdict = await verify({
      source: { sidecar: bytesOf(general) },
      policy: { publisher: undefined },
    });
    expect(verdict).toMatchObject({ status: 'verified', publisher: DID });
  });

  it('is verified by carrier C under its strict typ', async () => {
    const catalog = sampleCatalog();
    const compact = await forge(es256, strictHeader(es256), claims());
    const verdict = await verify({
      source: { catalog: bytesOf(embedSignature(catalog, { compact })) },
    });
    expect(verdict).toMatchObject({
      status: 'verified',
      carrier: 'C',
      catalog,
    });
  });

  it('loses the tool that is wrong, and keeps the others', async () => {
    const catalog = sampleCatalog() as any;
    delete catalog.tools[0].spec_hash;
    const { general } = await signSample([es256], { catalog });
    const verdict = await verify({
      source: { catalog: bytesOf(catalog), sidecar: bytesOf(general) },
    });
    expect(verdict.status).toBe('verified');
    expect(verdict.tools.map(({ name }) => name)).toEqual(['echo']);
    expect(verdict.rejectedTools).toMatchObject([
      { index: 0, name: 'add', problems: [{ code: 'SPEC_HASH_MISSING' }] },
    ]);
  });
});

describe('on this machine, in development', () => {
  const did = 'did:web:localhost%3A7007';
  const url = 'http://localhost:7007/.well-known/api-catalog';

  const setting = async (policy: object) => {
    const catalog = sampleCatalog() as any;
    catalog.metadata.publisher = did;
    catalog.tools[0]['x-mcp-tool'].server_url = 'http://localhost:3001/mcp';
    const { general } = await signSample([es256], {
      catalog,
      issuer: did,
      subject: url,
    });
    return {
      source: { url, catalog: bytesOf(catalog), sidecar: bytesOf(general) },
      policy: { publisher: did, ...policy },
      resolver: staticDidResolver({
        [did]: JSON.stringify(documentOf(es256)).replaceAll(DID, did),
      }),
    };
  };

  it('is verified in strict as configured publisher, with allowLoopback', async () => {
    const verdict = await verify(await setting({ allowLoopback: true }));
    expect(verdict).toMatchObject({ status: 'verified', issuer: did });
    expect(verdict.tools).toHaveLength(2);
  });

  it.each([
    ['without allowLoopback', { allowLoopback: false }],
    ['without being named', { allowLoopback: true, publisher: undefined }],
  ])('is refused %s', async (_, policy) => {
    await expectRefusal(await setting(policy), 'DID_INVALID', 'policy');
  });
});

describe('the threat table', () => {
  it.each([
    ['none', { alg: 'none' }],
    ['None', { alg: 'None' }],
    ['an algorithm off the list', { alg: 'RS384' }],
    ['a case variant', { alg: 'es256' }],
    ['another of the right length', { alg: 'Ed25519' }],
    ['no algorithm', { alg: undefined }],
  ])('refuses alg confusion: %s', async (_, header) => {
    await expectRefusal(
      { source: { sidecar: await sidecar({ header }) } },
      'BAD_ALG',
    );
  });

  it('refuses HS256 keyed with the public key', async () => {
    const header = encodeBase64url(
      JSON.stringify({ ...strictHeader(rs256), alg: 'HS256' }),
    );
    const input = `${header}.${encodeBase64url(JSON.stringify(claims()))}`;
    const mac = createHmac('sha256', JSON.stringify(rs256.jwk))
      .update(input)
      .digest('base64url');
    await expectRefusal(
      { source: { sidecar: sidecarOf(`${input}.${mac}`) } },
      'BAD_ALG',
      'header',
    );
  });

  it('refuses RS256 by a key for PS256, and the reverse', async () => {
    for (const [key, alg] of [
      [rs256, 'PS256'],
      [ps256, 'RS256'],
    ] as const) {
      await expectRefusal(
        { source: { sidecar: await sidecar({ key, header: { alg } }) } },
        'BAD_ALG',
      );
    }
  });

  it('refuses an algorithm that the policy leaves out', async () => {
    await expectRefusal(
      {
        source: { sidecar: await sidecar() },
        policy: { algs: ['RS256'] },
      },
      'BAD_ALG',
      'header',
    );
  });

  it('refuses a whole DID document for one weak key', async () => {
    const document = documentOf(es256, rs256) as any;
    document.verificationMethod[1].publicKeyJwk.e = 'AQ';
    await expectRefusal(
      { source: { sidecar: await sidecar() }, resolver: resolverOf(document) },
      'WEAK_KEY',
      'key',
    );
  });

  it.each([
    ['jku', { jku: 'https://evil.example/jwks.json' }],
    ['x5u', { x5u: 'https://evil.example/cert' }],
    ['jwk', { jwk: mallory.jwk }],
    ['x5c', { x5c: ['AAAA'] }],
    ['x5t', { x5t: 'AAAA' }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['empty crit', { crit: [] }],
    ['b64', { b64: false, crit: ['b64'] }],
    ['a kid that is no text', { kid: 1 }],
  ])('refuses the header member %s', async (_, header) => {
    await expectRefusal(
      { source: { sidecar: await sidecar({ header }) } },
      'HEADER_NOT_ALLOWED',
      'segments',
    );
  });

  it('refuses an unprotected header', async () => {
    const jws = JSON.parse((await sidecar()).toString());
    jws.signatures[0].header = { kid: kidOf(es256) };
    await expectRefusal(
      { source: { sidecar: bytesOf(jws) } },
      'HEADER_NOT_ALLOWED',
    );
  });

  it.each([
    ['a path', `${DID}#../../etc/passwd`],
    ['SQL', `${DID}#' OR 1=1 --`],
    ['a bare fragment', es256.thumbprint],
    ['no fragment', DID],
    ['two fragments', `${DID}#a#b`],
    ['another publisher', `did:web:evil.example#${es256.thumbprint}`],
    ['a longer publisher', `${DID}.evil.example#${es256.thumbprint}`],
  ])('refuses a kid with %s', async (_, kid) => {
    await expectRefusal(
      { source: { sidecar: await sidecar({ header: { kid } }) } },
      'BAD_KID',
    );
  });

  it('refuses a kid that another only ends with', async () => {
    const document = documentOf(es256) as any;
    document.verificationMethod[0].id = `${DID}#other-key-1`;
    document.assertionMethod = [`${DID}#other-key-1`];
    await expectRefusal(
      {
        source: { sidecar: await sidecar({ header: { kid: `${DID}#key-1` } }) },
        resolver: resolverOf(document),
      },
      'KEY_NOT_FOUND',
      'key',
    );
  });

  it('refuses a signature without kid, however few the keys', async () => {
    await expectRefusal(
      {
        source: { sidecar: await sidecar({ header: { kid: undefined } }) },
        resolver: resolverOf(documentOf(es256)),
      },
      'NO_KID',
      'header',
    );
  });

  it('refuses a doubled key id', async () => {
    const document = documentOf(es256) as any;
    document.verificationMethod.push({
      id: kidOf(es256),
      type: 'JsonWebKey2020',
      controller: DID,
      publicKeyJwk: mallory.jwk,
    });
    await expectRefusal(
      { source: { sidecar: await sidecar() }, resolver: resolverOf(document) },
      'KEY_AMBIGUOUS',
      'key',
    );
  });

  it('refuses a key that is published for something else', async () => {
    const document = { ...documentOf(es256), assertionMethod: [] };
    await expectRefusal(
      { source: { sidecar: await sidecar() }, resolver: resolverOf(document) },
      'KEY_NOT_AUTHORIZED',
      'key',
    );
  });

  it('refuses the DID document of another', async () => {
    const document = { ...documentOf(es256), id: 'did:web:evil.example' };
    await expectRefusal(
      { source: { sidecar: await sidecar() }, resolver: resolverOf(document) },
      'DID_ID_MISMATCH',
      'key',
    );
  });

  it('wants as many signatures by distinct keys as the policy says, and reports each that fails', async () => {
    const token = await forge(es256, strictHeader(es256), claims());
    const second = await forge(rs256, strictHeader(rs256), claims());
    const broken = await forge(mallory, strictHeader(ed25519), claims()).then(
      text =>
        text.replace(
          /^[^.]+/,
          encodeBase64url(JSON.stringify(strictHeader(ed25519))),
        ),
    );
    const policy = { threshold: 2 };
    await expectRefusal(
      { source: { sidecar: sidecarOf(token, token) }, policy },
      'THRESHOLD_NOT_MET',
      'signature',
    );
    const verdict = await verify({
      source: { sidecar: sidecarOf(token, broken) },
      policy,
    });
    expect(verdict.reasons.map(({ code }) => code)).toEqual([
      'THRESHOLD_NOT_MET',
      'BAD_SIGNATURE',
    ]);
    const good = await verify({
      source: { sidecar: sidecarOf(token, broken, second) },
      policy,
    });
    expect(good.status).toBe('verified');
    expect(good.signatures.map(({ kid }) => kid)).toEqual([
      kidOf(es256),
      kidOf(rs256),
    ]);
    expect(good.warnings).toMatchObject([{ code: 'BAD_SIGNATURE' }]);
  });

  it.each([
    ['a token of another kind', 'eat-key-rotation+jws', {}, 'BAD_TYP'],
    ['no typ', undefined, {}, 'BAD_TYP'],
    ['a case variant', 'EAT-catalog+jws', {}, 'BAD_TYP'],
    [
      'claims of another kind',
      'eat-catalog+jws',
      { catalog_hash: undefined, new_jwk: {} },
      'BAD_CLAIMS',
    ],
  ])('refuses type confusion: %s', async (_, typ, payload, code) => {
    await expectRefusal(
      { source: { sidecar: await sidecar({ header: { typ }, payload }) } },
      code,
    );
  });

  it.each<[string, (token: string) => string]>([
    ['padding', token => `${token}=`],
    ['a space', token => token.replace('.', ' .')],
    ['a newline at the end', token => `${token}\n`],
    [
      'other last bits',
      token => token.replace(/.$/, last => (last === 'B' ? 'C' : 'B')),
    ],
    ['a fourth segment', token => `${token}.AAAA`],
    ['two segments', token => token.replace(/\.[^.]*$/, '')],
    ['the alphabet of base64', token => `${token.slice(0, -1)}+`],
  ])('refuses a token with %s', async (_, change) => {
    const token = await forge(es256, strictHeader(es256), claims());
    await expectRefusal(
      { source: { signatureHeader: change(token) } },
      'BAD_JWS',
      'segments',
    );
  });

  it('refuses doubled names in header, payload and catalog', async () => {
    const header = JSON.stringify(strictHeader(es256));
    const payload = JSON.stringify(claims());
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar({
            header: header.replace('{', '{"alg":"none",'),
          }),
        },
      },
      'DUPLICATE_KEY',
      'segments',
    );
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar({
            payload: payload.replace('{', '{"iss":"did:web:evil.example",'),
          }),
        },
      },
      'DUPLICATE_KEY',
      'payload',
    );
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar(),
          catalog: Buffer.from(
            JSON.stringify(sampleCatalog()).replace('{', '{"tools":[],'),
          ),
        },
      },
      'DUPLICATE_KEY',
      'hash',
    );
  });

  it.each([
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    [
      'a byte order mark',
      Buffer.from(`\ufeff${JSON.stringify(sampleCatalog())}`),
    ],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
  ])('refuses a catalog that is %s', async (_, catalog) => {
    await expectRefusal(
      { source: { sidecar: await sidecar(), catalog } },
      'BAD_ENCODING',
      'encoding',
    );
  });

  it('refuses text that hides a lone surrogate', async () => {
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar(),
          catalog: Buffer.from(
            JSON.stringify(sampleCatalog()).replace('Sample', '\\ud800'),
          ),
        },
      },
      'BAD_ENCODING',
      'hash',
    );
  });

  it('shows no character that a reader does not see, and says so', async () => {
    const catalog = sampleCatalog() as any;
    const hidden = 'Adds\u202e numbers\u200b\u{e0041}';
    catalog.tools[0].description = hidden;
    const { general } = await signSample([es256], { catalog });
    const verdict = await verify({
      source: { catalog: bytesOf(catalog), sidecar: bytesOf(general) },
    });
    expect(verdict.tools[0].description).toBe('Adds numbers');
    expect(verdict.tools[0].entry.description).toBe(hidden);
    expect(verdict.warnings).toMatchObject([
      { code: 'UNSAFE_TEXT', pointer: '/tools/0/description' },
    ]);
  });

  it.each([
    ['a fraction', '"seq":7', '"seq":7.5'],
    ['an integer as a float', '"seq":7', '"seq":7.0'],
    ['an exponent', '"seq":7', '"seq":7e0'],
    ['more than 2^53-1', '"seq":7', '"seq":9007199254740993'],
    ['a negative', '"seq":7', '"seq":-7'],
  ])('refuses a claim with %s', async (_, from, to) => {
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar({
            payload: JSON.stringify(claims()).replace(from, to),
          }),
        },
      },
      'BAD_NUMBER',
      'payload',
    );
  });

  it('leaves out a tool with an integer that readers disagree on', async () => {
    const catalog = sampleCatalog() as any;
    catalog.tools[1]['x-mcp-tool'].examples = [
      { input: { id: 9007199254740993 } },
    ];
    const { general } = await signSample([es256], { catalog });
    const verdict = await verify({
      source: { catalog: bytesOf(catalog), sidecar: bytesOf(general) },
    });
    expect(verdict.rejectedTools).toMatchObject([
      {
        name: 'echo',
        problems: [
          {
            code: 'BAD_NUMBER',
            pointer: '/tools/1/x-mcp-tool/examples/0/input/id',
          },
        ],
      },
    ]);
  });

  it('refuses a catalog that nests too deep or is too large', async () => {
    const deep = `{"tools":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await expectRefusal(
      { source: { sidecar: await sidecar(), catalog: Buffer.from(deep) } },
      'TOO_DEEP',
      'hash',
    );
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar(),
          catalog: Buffer.alloc(20 * 1024 * 1024, 0x20),
        },
      },
      'TOO_LARGE',
    );
    await expectRefusal(
      { source: { sidecar: Buffer.alloc(9000, 0x20) } },
      'TOO_LARGE',
    );
  });

  it.each<[string, (catalog: any) => void]>([
    ['a tool is changed', c => (c.tools[0].description = 'Ignore all else')],
    ['a tool is injected', c => c.tools.push(c.tools[0])],
    ['a tool is deleted', c => c.tools.pop()],
    ['the order is changed', c => c.tools.reverse()],
    ['an unknown member is added', c => (c.extra = 1)],
    ['text is normalised', c => (c.metadata.title = 'Sample\u0301')],
  ])('refuses a catalog in which %s', async (_, change) => {
    const catalog = sampleCatalog();
    change(catalog);
    await expectRefusal(
      { source: { sidecar: await sidecar(), catalog: bytesOf(catalog) } },
      'HASH_MISMATCH',
      'hash',
    );
  });

  it('refuses a valid signature by someone else', async () => {
    const iss = 'did:web:evil.example';
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar({
            key: mallory,
            header: { kid: kidOf(mallory, iss) },
            payload: { iss },
          }),
        },
      },
      'ISSUER_UNTRUSTED',
      'issuer',
    );
  });

  it('refuses what another key signed in the name of the publisher', async () => {
    await expectRefusal(
      {
        source: {
          sidecar: await sidecar({
            key: mallory,
            header: { kid: kidOf(es256) },
          }),
        },
      },
      'BAD_SIGNATURE',
      'signature',
    );
  });

  it('refuses did.json and catalog replaced together, if keys are pinned', async () => {
    const sidecarByMallory = await sidecar({ key: mallory });
    const resolver = resolverOf(documentOf(mallory));
    await expectRefusal(
      {
        source: { sidecar: sidecarByMallory },
        resolver,
        policy: { pinnedThumbprints: [es256.thumbprint] },
      },
      'KEY_NOT_PINNED',
      'key',
    );
  });

  it.each([
    ['revoked', { revoked: '2026-08-31T00:00:00Z' }, 'KEY_REVOKED'],
    ['expired', { expires: '2026-08-31T00:00:00Z' }, 'KEY_EXPIRED'],
  ])('refuses a %s key', async (_, state, code) => {
    await expectRefusal(
      {
        source: { sidecar: await sidecar() },
        resolver: resolverOf(documentOf({ ...es256, ...state })),
      },
      code,
      'key',
    );
  });

  describe('after a statement was accepted', () => {
    const before = async (payload = {}) => {
      const { highWaterMark } = await verify({
        source: { sidecar: await sidecar({ payload }) },
      });
      return highWaterMark!;
    };

    it('accepts the same again, and the next that names it', async () => {
      const highWaterMark = await before();
      const signed = await sidecar();
      const again = await verify({
        source: {
          sidecar: sidecarOf(await forge(es256, strictHeader(es256), claims())),
        },
        highWaterMark,
      });
      expect(signed).toBeDefined();
      expect(again.status).toBe('verified');
      const next = await verify({
        source: {
          sidecar: await sidecar({
            payload: { seq: 8, prev: highWaterMark.payloadHash },
          }),
        },
        highWaterMark,
      });
      expect(next).toMatchObject({
        status: 'verified',
        highWaterMark: { seq: 8 },
      });
    });

    it.each([
      ['an older one', { seq: 6 }, 'ROLLBACK'],
      [
        'another of the same number',
        { exp: NOW.getTime() / 1000 + 60 },
        'EQUIVOCATION',
      ],
      [
        'a next that names another',
        { seq: 8, prev: `sha256:${'0'.repeat(64)}` },
        'EQUIVOCATION',
      ],
      ['a jump ahead', { seq: 2 ** 53 - 1 }, 'SEQ_JUMP'],
    ])('refuses %s', async (_, payload, code) => {
      await expectRefusal(
        {
          source: { sidecar: await sidecar({ payload }) },
          highWaterMark: await before(),
        },
        code,
        'order',
      );
    });

    it('goes by time in eat-compat', async () => {
      const signatureHeader = await forge(
        rs256,
        { ...strictHeader(rs256), typ: 'JWS' },
        claims({ seq: 1 }),
      );
      const policy = { profile: 'eat-compat' } as const;
      const mark = {
        iat: claims().iat,
        catalogHash: claims().catalog_hash,
        payloadHash: 'sha256:other',
      };
      const at = (highWaterMark: typeof mark) =>
        verify({ source: { signatureHeader }, policy, highWaterMark });
      expect((await at(mark)).status).toBe('verified');
      expect((await at({ ...mark, iat: mark.iat + 1 })).reasons).toMatchObject([
        { code: 'ROLLBACK' },
      ]);
      expect(
        (await at({ ...mark, catalogHash: 'sha256:other' })).reasons,
      ).toMatchObject([{ code: 'EQUIVOCATION' }]);
    });
  });

  it.each([
    [
      'expired',
      { iat: claims().iat - 7200, exp: claims().iat },
      'EXPIRED',
      'times',
    ],
    ['from the future', { iat: claims().iat + 61 }, 'NOT_YET_VALID', 'times'],
    [
      'valid too long',
      { exp: claims().iat + 86_401 },
      'LIFETIME_TOO_LONG',
      'times',
    ],
    ['without end', { exp: undefined }, 'BAD_CLAIMS', 'payload'],
    ['without beginning', { iat: undefined }, 'BAD_CLAIMS', 'payload'],
    ['ended before it begins', { exp: claims().iat }, 'BAD_CLAIMS', 'payload'],
    ['without number', { seq: undefined }, 'BAD_CLAIMS', 'payload'],
    ['for no catalog', { sub: undefined }, 'BAD_CLAIMS', 'payload'],
    [
      'for another host',
      { sub: 'https://evil.example/.well-known/api-catalog' },
      'AUDIENCE_MISMATCH',
      'issuer',
    ],
  ])('refuses a statement that is %s', async (_, payload, code, step) => {
    await expectRefusal(
      { source: { sidecar: await sidecar({ payload }) } },
      code,
      step,
    );
  });

  it('lets a publisher have seven days in strict, and no more', async () => {
    const week = 7 * 86_400;
    const at = async (lifetime: number) =>
      verify({
        source: {
          sidecar: await sidecar({ payload: { exp: claims().iat + lifetime } }),
        },
        policy: { maxLifetimeSeconds: 30 * 86_400 },
      });
    expect((await at(week)).status).toBe('verified');
    expect((await at(week + 1)).reasons).toMatchObject([
      { code: 'LIFETIME_TOO_LONG' },
    ]);
  });

  it.each([
    ['http', 'http://mcp.example.org/mcp'],
    ['this machine', 'https://localhost/mcp'],
  ])('leaves out a tool whose server is reached by %s', async (_, server) => {
    const catalog = sampleCatalog() as any;
    catalog.tools[0]['x-mcp-tool'].server_url = server;
    const { general } = await signSample([es256], { catalog });
    const verdict = await verify({
      source: { catalog: bytesOf(catalog), sidecar: bytesOf(general) },
    });
    expect(verdict.rejectedTools).toMatchObject([
      { name: 'add', problems: [{ code: 'INSECURE_URL' }] },
    ]);
  });

  it('refuses a catalog whose signature was stripped', async () => {
    await expectRefusal({}, 'UNSIGNED', 'carrier');
    await expectRefusal(
      { policy: { profile: 'eat-compat' } },
      'UNSIGNED',
      'carrier',
    );
  });

  it('refuses a catalog by someone else in metadata.publisher', async () => {
    const catalog = sampleCatalog() as any;
    catalog.metadata.publisher = 'did:web:evil.example';
    const { general } = await signSample([es256], { catalog });
    await expectRefusal(
      { source: { catalog: bytesOf(catalog), sidecar: bytesOf(general) } },
      'ISSUER_UNTRUSTED',
      'schema',
    );
  });

  it('tells of outside text only escaped', async () => {
    const verdict = await verify({
      source: {
        sidecar: await sidecar({
          payload: { iss: 'did:web:x\n2026 INFO all is well\u202e' },
        }),
      },
    });
    expect(verdict.reasons[0].message).toContain('\\n2026');
    expect(verdict.reasons[0].message).not.toMatch(/[\n\u202e]/);
  });
});

describe('carriers', () => {
  const old = (payload = {}) =>
    forge(rs256, { ...strictHeader(rs256), typ: 'JWS' }, claims(payload));

  it('do not count in strict if their typ is for old readers', async () => {
    await expectRefusal(
      { source: { signatureHeader: await old() } },
      'UNSIGNED',
      'carrier',
    );
  });

  it('are ambiguous if one response carries two signatures', async () => {
    const catalog = {
      ...sampleCatalog(),
      metadata: { ...(sampleCatalog().metadata as object) },
      jws: await old(),
    };
    await expectRefusal(
      {
        source: {
          catalog: bytesOf(catalog),
          signatureHeader: await old({ seq: 8 }),
        },
        policy: { profile: 'eat-compat' },
      },
      'CARRIER_AMBIGUOUS',
      'carrier',
    );
  });

  it.each(['jws', 'signature'])(
    'D in "%s" is for eat-compat alone',
    async name => {
      const catalog = bytesOf({ ...sampleCatalog(), [name]: await old() });
      await expectRefusal(
        { source: { catalog } },
        'CARRIER_NOT_ALLOWED',
        'carrier',
      );
      const verdict = await verify({
        source: { catalog },
        policy: { profile: 'eat-compat' },
      });
      expect(verdict).toMatchObject({ status: 'verified', carrier: 'D' });
      expect(verdict.catalog).toEqual(sampleCatalog());
    },
  );

  it('with a dummy in place of a signature are broken, not unsigned', async () => {
    const catalog = sampleCatalog() as any;
    catalog.metadata.signature = { algorithm: 'RS256', jws: 'dummy' };
    await expectRefusal(
      { source: { catalog: bytesOf(catalog) } },
      'BAD_JWS',
      'segments',
    );
  });

  describe('B', () => {
    const token = () =>
      forge(
        rs256,
        { alg: 'RS256', typ: 'JWT', kid: rs256.thumbprint },
        sampleCatalog(),
      );
    const compat = { profile: 'eat-compat', allowCarrierB: true } as const;

    it('is verified where the policy asks for it, for 24 hours', async () => {
      const verdict = await verify({
        source: { catalog: Buffer.from(await token()) },
        policy: compat,
      });
      expect(verdict).toMatchObject({
        status: 'verified',
        carrier: 'B',
        issuer: DID,
        expiresAt: '2026-09-02T12:00:00.000Z',
      });
    });

    it('is refused elsewhere', async () => {
      const source = { catalog: Buffer.from(await token()) };
      for (const policy of [
        { profile: 'eat-compat' },
        { profile: 'strict', allowCarrierB: true },
      ] as const) {
        await expectRefusal({ source, policy }, 'CARRIER_NOT_ALLOWED');
      }
    });

    it('is no catalog if it holds a statement', async () => {
      await expectRefusal(
        { source: { catalog: Buffer.from(await old()) }, policy: compat },
        'NOT_A_CATALOG',
        'payload',
      );
    });
  });

  it.each([
    ['a linkset', { linkset: [] }],
    ['a sidecar', { payload: 'AA', signatures: [] }],
    ['a list', []],
  ])('are not looked for in %s', async (_, body) => {
    await expectRefusal(
      { source: { catalog: bytesOf(body), sidecar: await sidecar() } },
      'NOT_A_CATALOG',
      'carrier',
    );
  });
});

describe('a publisher that cannot be asked', () => {
  it('is unreachable, not refused', async () => {
    const away = await verify({
      source: { sidecar: await sidecar() },
      resolver: staticDidResolver({}),
    });
    expect(away).toMatchObject({
      status: 'unreachable',
      reasons: [{ code: 'DID_UNREACHABLE' }],
    });
  });

  it('is asked anew for a key that it has just published', async () => {
    const asked: boolean[] = [];
    const verdict = await verify({
      source: { sidecar: await sidecar() },
      resolver: {
        async resolve(did, { profile, refresh }) {
          asked.push(refresh ?? false);
          return resolverOf(
            refresh ? documentOf(rs256, es256) : documentOf(rs256),
          ).resolve(did, { profile });
        },
      },
    });
    expect(verdict.status).toBe('verified');
    expect(asked).toEqual([false, true]);
  });
});
