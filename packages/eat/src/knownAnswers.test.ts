import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  catalogBytes,
  catalogHash,
  didDocument,
  generateCatalog,
  generateLinkset,
  linksetHash,
  parseCompactJws,
  parseGeneralJws,
  parseJson,
  parseStatement,
  readJwk,
  serialiseStatement,
  sha256,
  staticDidResolver,
  verifyCatalog,
} from '.';
import type { JsonObject, Linkset, PublicJwk, Profile, ToolCatalog } from '.';
/** A file of the worked example that all formats share: one catalog of did:web:tools.example.org in every carrier. */
function reference(name: string): Buffer {
  return readFileSync(resolve(__dirname, 'testdata/reference', name));
}

/** A token of the worked example. */
function referenceToken(name: string): string {
  return reference(name).toString('ascii').trim();
}

/** A document of the worked example, parsed. */
function referenceJson(name: string): JsonObject {
  return JSON.parse(reference(name).toString('utf8'));
}

const REFERENCE_DID = 'did:web:tools.example.org';
const REFERENCE_URL = 'https://tools.example.org/.well-known/api-catalog';
/** Within the lifetime of the example's signatures. */
const REFERENCE_CLOCK = new Date('2026-09-01T12:00:00Z');

const CATALOG_HASH =
  'sha256:e7fd27bf34f561cb2fea96628e421ffc066c6078f6b414fc9520574c83483604';

describe('the worked example, byte for byte', () => {
  const catalog = parseJson(
    reference('catalog.json'),
  ) as unknown as ToolCatalog;
  const token = referenceToken('carrier-a.jws');

  it('hashes to the catalog_hash, in 660 octets of canonical form', () => {
    expect(catalogHash(catalog)).toBe(CATALOG_HASH);
    expect(catalogBytes(catalog)).toHaveLength(660);
    expect(sha256(catalogBytes(catalog))).toBe(CATALOG_HASH);
  });

  it('is generated from its spec', () => {
    const generated = generateCatalog({
      specs: [{ path: 'orders.yaml', content: reference('orders.yaml.txt') }],
      specBaseUrl: 'https://tools.example.org/specs',
      title: 'Café Orion tools',
      generatedAt: '2026-09-01T08:00:00Z',
      generator: 'agentyard/1.0.0',
      publisher: REFERENCE_DID,
    });
    expect(generated.warnings).toEqual([]);
    expect(generated.catalog).toEqual(catalog);
    expect(sha256(generated.bytes)).toBe(CATALOG_HASH);
  });

  it('has its spec_hash over the raw bytes of the spec', () => {
    expect(catalog.tools[0].spec_hash).toBe(
      sha256(reference('orders.yaml.txt')),
    );
  });

  it('gives the linkset and its hash', () => {
    const linkset = generateLinkset(catalog, { catalogUrl: REFERENCE_URL });
    expect(linkset).toEqual(referenceJson('linkset.json'));
    expect(linksetHash(linkset)).toBe(
      'sha256:aad0fb0c2c905fc77d2363f7c6ac0bb8d0f6e3564a3b5e969ee482f82df48c7e',
    );
    expect(
      linksetHash(referenceJson('linkset.json') as unknown as Linkset),
    ).toBe(linksetHash(linkset));
  });

  it('has its statement serialised to the payload of the token', () => {
    const { payload } = parseCompactJws(token);
    const statement = parseStatement(payload);
    expect(statement).toMatchObject({
      iss: REFERENCE_DID,
      sub: REFERENCE_URL,
      seq: 42,
      catalog_hash: CATALOG_HASH,
      tools: 1,
    });
    expect(Buffer.from(serialiseStatement(statement))).toEqual(payload);
    expect(sha256(payload)).toBe(
      'sha256:3fc1d3abfb7e704881f1d1908ae4afed88157fce21a3a042f4663ed5bd638012',
    );
  });

  it('has one payload in the token and the sidecar', () => {
    expect(parseGeneralJws(reference('sidecar.json')).payload).toEqual(
      parseCompactJws(token).payload,
    );
  });

  it('names its keys by their thumbprints', () => {
    const document = referenceJson('did.json') as any;
    for (const { id, publicKeyJwk } of document.verificationMethod) {
      expect(id).toBe(`${REFERENCE_DID}#${readJwk(publicKeyJwk).thumbprint}`);
    }
  });

  it('has a DID document as we write it', () => {
    const document = referenceJson('did.json') as any;
    const written = didDocument({
      did: REFERENCE_DID,
      keys: document.verificationMethod.map(
        ({ publicKeyJwk }: { publicKeyJwk: PublicJwk }) => ({
          jwk: publicKeyJwk,
        }),
      ),
      catalogUrl: REFERENCE_URL,
    });
    expect(written).toEqual(document);
  });

  const verify = (
    profile: Profile,
    carrier: {
      catalog?: Uint8Array;
      signatureHeader?: string;
      sidecar?: Uint8Array;
    },
  ) =>
    verifyCatalog({
      source: {
        url: REFERENCE_URL,
        catalog: reference('catalog.json'),
        ...carrier,
      },
      policy: { profile, publisher: REFERENCE_DID, allowCarrierB: true },
      resolver: staticDidResolver({ [REFERENCE_DID]: reference('did.json') }),
      now: REFERENCE_CLOCK,
    });
  const embedded = (change: (tree: any) => void) => {
    const tree = referenceJson('catalog.json');
    change(tree);
    return Buffer.from(JSON.stringify(tree));
  };

  it.each([
    ['A, eat-compat', 'eat-compat', { signatureHeader: token }],
    [
      'B, eat-compat',
      'eat-compat',
      { catalog: Buffer.from(referenceToken('carrier-b.jws')) },
    ],
    [
      'C, eat-compat',
      'eat-compat',
      {
        catalog: embedded(tree => {
          tree.metadata.signature = {
            algorithm: 'RS256',
            keyId: parseCompactJws(token).signatures[0].header.kid,
            jws: token,
          };
        }),
      },
    ],
    [
      'D, eat-compat',
      'eat-compat',
      {
        catalog: embedded(tree => {
          tree.jws = token;
        }),
      },
    ],
    ['S, strict', 'strict', { sidecar: reference('sidecar.json') }],
    [
      'S beside A for old readers, strict',
      'strict',
      { sidecar: reference('sidecar.json'), signatureHeader: token },
    ],
  ] as const)('verifies in carrier %s', async (name, profile, carrier) => {
    const verdict = await verify(profile, carrier);
    expect(verdict).toMatchObject({
      status: 'verified',
      reasons: [],
      carrier: name[0],
      issuer: REFERENCE_DID,
      catalogHash: CATALOG_HASH,
      alg: profile === 'strict' ? 'ES256' : 'RS256',
    });
    expect(verdict.tools).toEqual([
      expect.objectContaining({
        name: 'get_order',
        serverUrl: 'https://mcp.example.org/orders/mcp',
        method: 'POST',
        path: '/orders/{orderId}',
        capabilities: ['orders', 'read-only'],
        pointer: '/tools/0',
      }),
    ]);
  });

  it('is not verified by the old form alone in strict', async () => {
    const verdict = await verify('strict', { signatureHeader: token });
    expect(verdict.status).toBe('refused');
    expect(verdict.reasons).toMatchObject([{ code: 'UNSIGNED' }]);
  });
});
