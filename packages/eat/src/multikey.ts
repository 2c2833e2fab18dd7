import { createPublicKey } from 'node:crypto';
import { EatError } from './errors';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * The JSON Web Key in a `publicKeyMultibase` (W3C Controlled Identifiers, Multikey): base58btc of a multicodec prefix and the key;
 * Ed25519 (`z6Mk…`) and compressed P-256 (`zDn…`).
 *
 * @throws EatError `KEY_UNREADABLE`, `KEY_UNSUPPORTED`, `WEAK_KEY`
 */
export function jwkOfMultikey(multibase: string): object {
  const bytes = decodeBase58(multibase);
  const prefix = bytes.subarray(0, 2).toString('hex');
  const key = bytes.subarray(2);
  if (prefix === 'ed01' && key.length === 32) {
    return { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  }
  if (prefix === '8024' && key.length === 33) {
    return jwkOfCompressedPoint(key);
  }
  throw new EatError(
    'KEY_UNSUPPORTED',
    'The Multikey is neither Ed25519 nor compressed P-256.',
  );
}

/** SubjectPublicKeyInfo of a P-256 key up to its compressed point (RFC 5480). */
const P256_SPKI = Buffer.from(
  '3039301306072a8648ce3d020106082a8648ce3d030107032200',
  'hex',
);

function jwkOfCompressedPoint(point: Buffer): object {
  try {
    return createPublicKey({
      key: Buffer.concat([P256_SPKI, point]),
      format: 'der',
      type: 'spki',
    }).export({ format: 'jwk' });
  } catch (cause) {
    throw new EatError('WEAK_KEY', 'The Multikey is no point of P-256.', {
      cause,
    });
  }
}

function decodeBase58(multibase: string): Buffer {
  const match = /^z(1*)([1-9A-HJ-NP-Za-km-z]{1,100})$/.exec(multibase);
  if (!match) {
    throw new EatError(
      'KEY_UNREADABLE',
      'A Multikey is "z" and base58btc, at most 100 characters.',
    );
  }
  let number = 0n;
  for (const digit of match[2]) {
    number = number * 58n + BigInt(ALPHABET.indexOf(digit));
  }
  const hex = number.toString(16);
  return Buffer.concat([
    Buffer.alloc(match[1].length),
    Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'),
  ]);
}
