import type { KeyObject } from 'node:crypto';
import type { Alg } from './algorithms';
import type { PublicJwk } from './jwk';
import type { Signer } from './signer';

/**
 * A private key in this process. `alg` is `RS256` for RSA unless told.
 *
 * @public
 */
export interface PrivateKey {
  keyObject: KeyObject;
  alg: Alg;
  jwk: PublicJwk;
  /** RFC 7638 thumbprint; the key's `ref` in {@link keySigner}. */
  thumbprint: string;
}

/**
 * Reads a private key from PEM: PKCS#8, PKCS#1 or SEC1, encrypted or not.
 *
 * @throws EatError `KEY_UNREADABLE` (not PEM, wrong passphrase), `KEY_UNSUPPORTED` (kind or curve), `WEAK_KEY`
 *
 * @public
 */
export function readPrivateKey(
  pem: string | Uint8Array,
  options: { passphrase?: string; alg?: Alg } = {},
): PrivateKey {
  throw new Error(String([pem, options]));
}

/**
 * A {@link Signer} over private keys that this process holds, for the command line and providers that decrypt keys into memory.
 *
 * @public
 */
export function keySigner(keys: readonly PrivateKey[]): Signer {
  throw new Error(String(keys));
}
