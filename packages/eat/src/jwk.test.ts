import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwkThumbprint, readJwk } from './jwk';
import type { PublicJwk } from './jwk';

const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
  }).publicKey.export({ format: 'jwk' });
const sound = rsa(2048);
const p256 = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
}).publicKey.export({ format: 'jwk' });
const ed25519 = generateKeyPairSync('ed25519').publicKey.export({
  format: 'jwk',
});
const withNumber = (number: bigint) => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString(
    'base64url',
  );
};

/** A modulus as the weak generator made them: a power of 65537 modulo the product of the small primes. */
function rocaModulus(): bigint {
  const primes = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151,
    157, 163, 167,
  ].reduce((product, prime) => product * BigInt(prime), 1n);
  return (
    2n ** 2047n - (2n ** 2047n % primes) + primes + (65537n ** 3n % primes)
  );
}

describe('readJwk', () => {
  it('knows the ROCA fingerprint from other weaknesses', () => {
    expect(() =>
      readJwk({ ...sound, n: withNumber(rocaModulus() | 1n) }),
    ).toThrow(/ROCA/);
  });

  it('computes the thumbprint of RFC 7638 section 3.1', () => {
    expect(
      jwkThumbprint({
        kty: 'RSA',
        n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
        e: 'AQAB',
      }),
    ).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each([
    ['RSA without alg', sound, 'RS256'],
    ['RSA for PS256', { ...sound, alg: 'PS256' }, 'PS256'],
    ['P-256', p256, 'ES256'],
    ['Ed25519', ed25519, 'Ed25519'],
    ['Ed25519 by its older name', { ...ed25519, alg: 'EdDSA' }, 'Ed25519'],
  ])('reads %s as a key for one algorithm', (_, jwk, alg) => {
    const key = readJwk(jwk);
    expect(key).toMatchObject({ alg, jwk: { alg, use: 'sig' } });
    expect(key.thumbprint).toBe(jwkThumbprint(jwk as PublicJwk));
    expect(
      key.keyObject.equals(createPublicKey({ key: jwk, format: 'jwk' })),
    ).toBe(true);
  });

  it.each([
    ['RSA of 1024 bits', rsa(1024), 'WEAK_KEY'],
    ['exponent 3', rsa(2048, 3), 'WEAK_KEY'],
    ['exponent 1', { ...sound, e: 'AQ' }, 'WEAK_KEY'],
    ['an even exponent', { ...sound, e: withNumber(65538n) }, 'WEAK_KEY'],
    [
      'a modulus beyond 8192 bits',
      { ...sound, n: withNumber(2n ** 8193n + 1n) },
      'WEAK_KEY',
    ],
    ['an even modulus', { ...sound, n: withNumber(2n ** 2047n) }, 'WEAK_KEY'],
    [
      'the ROCA fingerprint',
      { ...sound, n: withNumber(rocaModulus() | 1n) },
      'WEAK_KEY',
    ],
    ['a point off its curve', { ...p256, y: p256.x }, 'WEAK_KEY'],
    ['a short coordinate', { ...p256, x: 'AAAA' }, 'WEAK_KEY'],
    ['a private member', { ...p256, d: 'AAAA' }, 'WEAK_KEY'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'BAD_ALG'],
    ['RSA for ES256', { ...sound, alg: 'ES256' }, 'BAD_ALG'],
    ['RSA for HS256', { ...sound, alg: 'HS256' }, 'BAD_ALG'],
    ['EC for RS256', { ...p256, alg: 'RS256' }, 'BAD_ALG'],
    ['another curve', { ...p256, crv: 'P-384' }, 'KEY_UNSUPPORTED'],
    ['an encryption key', { ...sound, use: 'enc' }, 'KEY_UNSUPPORTED'],
    [
      'operations without verify',
      { ...sound, key_ops: ['sign'] },
      'KEY_UNSUPPORTED',
    ],
    ['padding', { ...sound, n: `${sound.n}=` }, 'KEY_UNREADABLE'],
    ['no modulus', { kty: 'RSA', e: 'AQAB' }, 'KEY_UNREADABLE'],
    ['a text', 'key', 'KEY_UNREADABLE'],
  ])('refuses %s', (_, jwk, code) => {
    expect(() => readJwk(jwk)).toThrow(expect.objectContaining({ code }));
  });
});
