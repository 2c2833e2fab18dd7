import type { KeyObject } from 'node:crypto';
import type { Alg } from './algorithms';

/**
 * A public key as a JSON Web Key (RFC 7517), of the kinds that sign catalogs.
 *
 * @public
 */
export type PublicJwk = {
  /** One algorithm a key (RFC 8725 section 3.1). */
  alg?: Alg;
  use?: 'sig';
} & (
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string }
);

/**
 * A public key that passed the hygiene checks, ready to verify.
 *
 * @public
 */
export interface VerificationKey {
  alg: Alg;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  jwk: PublicJwk;
  keyObject: KeyObject;
}

/**
 * Reads a public key and checks its hygiene: kind, curve and algorithm agree, no private members, RSA of 2048–8192 bits with
 * an odd exponent ≥ 65537 and without the ROCA fingerprint, points on their curve, canonical base64url.
 *
 * @param value - parsed JSON
 * @throws EatError `WEAK_KEY`, `BAD_ALG` (symmetric, or algorithm and key disagree), `KEY_UNSUPPORTED`, `KEY_UNREADABLE`
 *
 * @public
 */
export function readJwk(value: unknown): VerificationKey {
  throw new Error(String(value));
}

/**
 * The RFC 7638 thumbprint: SHA-256, base64url.
 *
 * @public
 */
export function jwkThumbprint(jwk: PublicJwk): string {
  throw new Error(String(jwk));
}
