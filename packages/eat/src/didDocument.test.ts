import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwks, readDidDocument } from './didDocument';
import type { Profile } from './policy';
import {
  DID,
  NOW,
  bytesOf,
  documentOf,
  kidOf,
  newKey,
} from './testdata/publisher';

const es256 = newKey('ES256');
const rs256 = newKey('RS256');

const read = (document: unknown, profile: Profile = 'strict') =>
  readDidDocument(bytesOf(document), { did: DID, profile });

const changed = (change: (document: any, method: any) => void) => {
  const document = documentOf(es256, rs256) as any;
  change(document, document.verificationMethod[0]);
  return document;
};

describe('readDidDocument', () => {
  it('gives the keys that may sign', () => {
    const key = read(documentOf(es256, rs256)).assertionKey(kidOf(rs256), NOW);
    expect(key).toMatchObject({
      alg: 'RS256',
      thumbprint: rs256.thumbprint,
    });
  });

  it('reads a method that stands in assertionMethod itself', () => {
    const document = changed(d => {
      d.assertionMethod = [d.verificationMethod.shift()];
    });
    expect(read(document).assertionKey(kidOf(es256), NOW).alg).toBe('ES256');
  });

  // From the test vectors of the Controlled Identifiers and did:key documents.
  it.each([
    ['Ed25519', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'Ed25519'],
    ['P-256', 'zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169', 'ES256'],
  ])('reads a Multikey of %s', (_, publicKeyMultibase, alg) => {
    const document = changed((__, method) => {
      delete method.publicKeyJwk;
      Object.assign(method, { type: 'Multikey', publicKeyMultibase });
    });
    expect(read(document).assertionKey(kidOf(es256), NOW).alg).toBe(alg);
  });

  describe('with a key in PEM', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = (publicKeyPem: unknown) =>
      changed((_, method) => {
        delete method.publicKeyJwk;
        Object.assign(method, {
          type: 'RsaVerificationKey2018',
          publicKeyPem,
        });
      });
    const spki = publicKey.export({ format: 'pem', type: 'spki' }) as string;

    it('reads it in eat-compat alone', () => {
      expect(
        read(pem(spki), 'eat-compat').assertionKey(kidOf(es256), NOW).alg,
      ).toBe('RS256');
      expect(() => read(pem(spki)).assertionKey(kidOf(es256), NOW)).toThrow(
        expect.objectContaining({ code: 'KEY_UNSUPPORTED' }),
      );
    });

    it('refuses a certificate', () => {
      expect(() =>
        read(pem(spki.replace(/PUBLIC KEY/g, 'CERTIFICATE')), 'eat-compat'),
      ).toThrow(expect.objectContaining({ code: 'KEY_UNREADABLE' }));
      expect(createPublicKey(spki).type).toBe('public');
    });
  });

  it('takes what EAT’s samples leave out in eat-compat, with a warning each', () => {
    const document = changed((d, method) => {
      method.id = `#${es256.thumbprint}`;
      delete d.assertionMethod;
    });
    const compat = read(document, 'eat-compat');
    expect(compat.assertionKey(kidOf(es256), NOW).alg).toBe('ES256');
    expect(compat.warnings.map(({ code }) => code)).toEqual([
      'DIALECT',
      'KEY_NOT_AUTHORIZED',
    ]);
    expect(() => read(document)).toThrow(
      expect.objectContaining({ code: 'DID_INVALID' }),
    );
  });

  it('lets kinds pass that are not used here, but not for signing', () => {
    const document = changed((_, method) => {
      method.publicKeyJwk = { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' };
    });
    expect(read(document).assertionKey(kidOf(rs256), NOW).alg).toBe('RS256');
    expect(() => read(document).assertionKey(kidOf(es256), NOW)).toThrow(
      expect.objectContaining({ code: 'KEY_UNSUPPORTED' }),
    );
  });

  it.each([
    ['expires', 'KEY_EXPIRED'],
    ['revoked', 'KEY_REVOKED'],
  ])('takes a key out from the second of "%s"', (member, code) => {
    const document = changed((_, method) => {
      method[member] = '2026-09-01T12:00:00Z';
    });
    const at = (time: string) => () =>
      read(document).assertionKey(kidOf(es256), new Date(time));
    expect(at('2026-09-01T11:59:59Z')).not.toThrow();
    expect(at('2026-09-01T12:00:00Z')).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each<[string, (document: any, method: any) => void, string]>([
    ['another id', d => (d.id = 'did:web:evil.example'), 'DID_ID_MISMATCH'],
    ['no methods', d => delete d.verificationMethod, 'DID_INVALID'],
    [
      'more methods than anyone needs',
      d => (d.verificationMethod = Array(65).fill({})),
      'DID_INVALID',
    ],
    [
      'a method of another',
      (_, m) => (m.id = 'did:web:evil.example#a'),
      'DID_INVALID',
    ],
    [
      'a controller that is another',
      (_, m) => (m.controller = 'did:web:evil.example'),
      'DID_INVALID',
    ],
    ['no controller', (_, m) => delete m.controller, 'DID_INVALID'],
    [
      'a key in two forms',
      (_, m) => (m.publicKeyMultibase = 'z6Mk'),
      'DID_INVALID',
    ],
    ['a method without key', (_, m) => delete m.publicKeyJwk, 'DID_INVALID'],
    ['an odd date', (_, m) => (m.expires = 'soon'), 'DID_INVALID'],
    ['a private key', (_, m) => (m.publicKeyJwk.d = 'AA'), 'WEAK_KEY'],
    [
      'a private key in another form',
      (_, m) => (m.privateKeyMultibase = 'z'),
      'WEAK_KEY',
    ],
    [
      'a symmetric key',
      (_, m) => (m.publicKeyJwk = { kty: 'oct', k: 'AA' }),
      'BAD_ALG',
    ],
    [
      'two keys of one id',
      d => d.verificationMethod.push(d.verificationMethod[0]),
      'KEY_AMBIGUOUS',
    ],
  ])('refuses a document with %s', (_, change, code) => {
    expect(() => read(changed(change))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuses more than 64 KiB', () => {
    expect(() =>
      readDidDocument(Buffer.alloc(70_000, 0x20), { did: DID }),
    ).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });
});

describe('a revoked key', () => {
  const revoked = { ...es256, revoked: '2026-08-01T00:00:00Z' };

  it('is published as such, out of assertionMethod and the JWKS', () => {
    const document = documentOf(revoked, rs256) as any;
    expect(document.verificationMethod[0].revoked).toBe(revoked.revoked);
    expect(document.assertionMethod).toEqual([kidOf(rs256)]);
    expect(jwks({ did: DID, keys: [revoked, rs256] })).toEqual({
      keys: [{ ...rs256.jwk, kid: kidOf(rs256) }],
    });
  });
});
