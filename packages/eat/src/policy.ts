import type { Alg } from './algorithms';

/**
 * How strictly a catalog is judged. A publisher has one; it is never changed by what arrives.
 *
 * @public
 */
export type Profile = 'strict' | 'eat-compat';

/**
 * How a catalog travels with its signature: A header `X-JWS-Signature`, B body is a JWS with the catalog inside, C
 * `metadata.signature`, D root `jws` or `signature`, S separate general JWS.
 *
 * @public
 */
export type Carrier = 'A' | 'B' | 'C' | 'D' | 'S';

/**
 * Whom a consumer trusts for one catalog, and within which limits.
 *
 * @public
 */
export interface TrustPolicy {
  profile: Profile;
  /** DID of the publisher. Default: `did:web:` with the catalog's host. */
  publisher?: string;
  /**
   * Development only. The configured `publisher`, if it is `did:web:localhost` with or without a port, is resolved over http;
   * http on loopback is no `INSECURE_URL`. All else of the profile stays. Default false.
   */
  allowLoopback?: boolean;
  /** Narrows the algorithms. Default: all of `ALGS` in `strict`, RS256 in `eat-compat`. */
  algs?: readonly Alg[];
  /** RFC 7638 thumbprints of the keys that may sign; others are `KEY_NOT_PINNED`. Default: any key of the publisher. */
  pinnedThumbprints?: readonly string[];
  /** Valid signatures by distinct keys that are needed. Default 1. */
  threshold?: number;
  /** Longest `exp - iat` in seconds. Default 86 400; at most 7 days in `strict`, 30 days in `eat-compat`. */
  maxLifetimeSeconds?: number;
  /** Largest step of `seq`. Default 10 000. */
  maxSeqJump?: number;
  /** Accept carrier B, which names neither issuer nor times (`eat-compat` only). Default false. */
  allowCarrierB?: boolean;
}

/**
 * The newest statement that a consumer accepted from a publisher: store it in the same transaction as the catalog, and give
 * it to the next verification.
 *
 * @public
 */
export interface HighWaterMark {
  seq?: number;
  /** Seconds since 1970. */
  iat: number;
  catalogHash: string;
  /** Hash of the statement's payload octets. */
  payloadHash: string;
}
