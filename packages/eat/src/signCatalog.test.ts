import { sha256 } from './canonicalJson';
import { catalogHash } from './catalog';
import { parseCompactJws, parseGeneralJws } from './jws';
import { linksetHash } from './linkset';
import type { Signer } from './signer';
import { embedSignature, signCatalog } from './signCatalog';
import { serialiseStatement } from './statement';
import {
  DID,
  NOW,
  URL_OF_CATALOG,
  kidOf,
  newKey,
  sampleCatalog,
  signSample,
  signingKey,
} from './testdata/publisher';

const rs256 = newKey('RS256');
const es256 = newKey('ES256');

describe('signCatalog', () => {
  it('states what the catalog is, by whom, for where and until when', async () => {
    const linkset = { linkset: [{ anchor: URL_OF_CATALOG, item: [] }] };
    const signed = await signSample([es256], {
      linkset,
      seq: 42,
      prev: sha256('the one before'),
      lifetimeSeconds: 300,
    });
    const iat = NOW.getTime() / 1000;
    expect(signed.statement).toEqual({
      iss: DID,
      sub: URL_OF_CATALOG,
      iat,
      exp: iat + 300,
      seq: 42,
      prev: sha256('the one before'),
      catalog_hash: catalogHash(sampleCatalog()),
      linkset_hash: linksetHash(linkset),
      tools: 2,
    });
    expect(signed.payloadHash).toBe(
      sha256(serialiseStatement(signed.statement)),
    );
    expect(sha256(signed.catalogBytes)).toBe(signed.catalogHash);
  });

  it('signs one payload for old readers (RS256, typ JWS) and for strict ones (each key)', async () => {
    const signed = await signSample([es256, rs256]);
    const compact = parseCompactJws(signed.compact!);
    const general = parseGeneralJws(JSON.stringify(signed.general));
    expect(compact.payload).toEqual(general.payload);
    expect(compact.signatures.map(({ header }) => header)).toEqual([
      { alg: 'RS256', kid: kidOf(rs256), typ: 'JWS' },
    ]);
    expect(general.signatures.map(({ header }) => header)).toEqual([
      { alg: 'ES256', kid: kidOf(es256), typ: 'eat-catalog+jws' },
      { alg: 'RS256', kid: kidOf(rs256), typ: 'eat-catalog+jws' },
    ]);
    expect(signed.signatures).toEqual([
      { kid: kidOf(es256), alg: 'ES256', thumbprint: es256.thumbprint },
      { kid: kidOf(rs256), alg: 'RS256', thumbprint: rs256.thumbprint },
    ]);
  });

  it('has no form for old readers without RS256', async () => {
    const signed = await signSample([es256]);
    expect(signed.compact).toBeUndefined();
    expect(() => embedSignature(sampleCatalog(), signed)).toThrow(
      expect.objectContaining({ code: 'BAD_JWS' }),
    );
  });

  it('leaves the hash as it was when the signature is embedded', async () => {
    const signed = await signSample([rs256]);
    const embedded = embedSignature(sampleCatalog(), signed);
    expect(catalogHash(embedded)).toBe(signed.catalogHash);
    expect(() => embedSignature({ tools: [] }, signed)).toThrow(
      expect.objectContaining({ code: 'NOT_A_CATALOG' }),
    );
  });

  const withSign = (sign: Signer['sign']) => {
    const key = signingKey(es256);
    return { ...key, signer: { ...key.signer, sign } };
  };
  const base = {
    catalog: sampleCatalog(),
    issuer: DID,
    subject: URL_OF_CATALOG,
    issuedAt: NOW,
    seq: 1,
  };

  it.each<[string, Signer['sign']]>([
    ['nothing', async () => new Uint8Array()],
    ['zeros', async () => new Uint8Array(64)],
    [
      'with another key',
      (_, alg, input, options) => {
        const other = signingKey(newKey('ES256'));
        return other.signer.sign(other.ref, alg, input, options);
      },
    ],
    [
      'something else',
      (ref, alg, input, options) =>
        signingKey(es256).signer.sign(ref, alg, input.subarray(1), options),
    ],
  ])('releases nothing when the provider signs %s', async (_, sign) => {
    await expect(
      signCatalog({ ...base, keys: [withSign(sign)] }),
    ).rejects.toMatchObject({ code: 'SELF_VERIFICATION_FAILED' });
  });

  it('says which provider failed, and keeps its words to the cause', async () => {
    const cause = new Error('token s.abc rejected');
    const error = await signCatalog({
      ...base,
      keys: [
        withSign(async () => {
          throw cause;
        }),
      ],
    }).catch(e => e);
    expect(error).toMatchObject({ code: 'SIGNER_FAILED', cause });
    expect(error.message).toContain('file');
    expect(error.message).not.toContain('s.abc');
  });

  it.each([
    ['no key', { keys: [] }, 'SIGNER_FAILED'],
    [
      'an issuer that is no did:web',
      { issuer: 'https://x.example' },
      'BAD_CLAIMS',
    ],
    ['statement number 0', { seq: 0 }, 'BAD_NUMBER'],
    ['no lifetime', { lifetimeSeconds: 0 }, 'BAD_CLAIMS'],
    [
      'a URL beyond what providers sign',
      { subject: `https://x.example/${'a'.repeat(4000)}` },
      'STATEMENT_TOO_LARGE',
    ],
  ])('refuses %s', async (_, change, code) => {
    await expect(
      signCatalog({ ...base, keys: [signingKey(es256)], ...change }),
    ).rejects.toMatchObject({ code });
  });
});
