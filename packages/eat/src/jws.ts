import type { Alg } from './algorithms';
import type { VerificationKey } from './jwk';
import type { Problem } from './errors';
import type { VerifiedSignature } from './verdict';

/**
 * One signature of a JWS, parsed and checked for form but not yet verified.
 *
 * @public
 */
export interface JwsSignature {
  /** Protected header: `alg`, `kid`, `typ` and nothing else. */
  header: { alg: string; kid?: string; typ?: string };
  /** Octets that are signed. */
  signingInput: Uint8Array;
  signature: Uint8Array;
}

/**
 * A JWS, parsed and checked for form but not yet verified.
 *
 * @public
 */
export interface Jws {
  payload: Uint8Array;
  signatures: JwsSignature[];
}

/**
 * A general JWS (RFC 7515 section 7.2.1) without unprotected headers.
 *
 * @public
 */
export interface GeneralJws {
  payload: string;
  signatures: { protected: string; signature: string }[];
}

/**
 * What {@link verifyJws} demands.
 *
 * @public
 */
export interface JwsPolicy {
  algs: readonly Alg[];
  /** Allowed values of `typ`; `undefined` in it lets the member be absent. */
  typs: readonly (string | undefined)[];
  /** The key of a `kid`. Throws `EatError` (`BAD_KID`, `KEY_NOT_FOUND`, …) where there is none. */
  keyOf(kid: string): VerificationKey;
  /** Valid signatures by distinct keys. Default 1. */
  threshold?: number;
}

/**
 * A verified JWS.
 *
 * @public
 */
export interface VerifiedJws {
  payload: Uint8Array;
  /** Those that held. */
  signatures: VerifiedSignature[];
  /** What was wrong with each of the others. */
  failures: Problem[];
}

/**
 * Parses a compact JWS.
 *
 * @throws EatError `BAD_JWS` (segments, base64url), `TOO_LARGE` (over 8 KiB unless told), `HEADER_NOT_ALLOWED`, and those of `parseJson`
 *
 * @public
 */
export function parseCompactJws(
  token: string,
  options: { maxBytes?: number } = {},
): Jws {
  throw new Error(String([token, options]));
}

/**
 * Parses a general JWS in its JSON serialisation.
 *
 * @throws EatError as {@link parseCompactJws}
 *
 * @public
 */
export function parseGeneralJws(
  input: Uint8Array | string,
  options: { maxBytes?: number } = {},
): Jws {
  throw new Error(String([input, options]));
}

/**
 * Verifies a JWS under a policy.
 *
 * @throws EatError `BAD_ALG`, `BAD_TYP`, `NO_KID`, `BAD_SIGNATURE`, `THRESHOLD_NOT_MET` (with what was wrong with each signature in
 * `problems`), and what `keyOf` throws
 *
 * @public
 */
export function verifyJws(jws: Jws, policy: JwsPolicy): VerifiedJws {
  throw new Error(String([jws, policy]));
}
