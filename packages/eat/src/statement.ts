import type { Sha256 } from './canonicalJson';

/**
 * What a publisher says about a catalog: the payload of every JWS but carrier B. EAT defines `iss`, `iat`, `exp`,
 * `catalog_hash`; the profile `strict` also wants `sub` and `seq`.
 *
 * @public
 */
export interface Statement {
  /** DID of the publisher. */
  iss: string;
  /** URL of the catalog. */
  sub?: string;
  /** Seconds since 1970. */
  iat: number;
  /** Seconds since 1970, after `iat`. */
  exp: number;
  /** 1 … 2^53-1, one more for each statement. */
  seq?: number;
  /** Hash of the payload octets of the statement before. */
  prev?: Sha256;
  catalog_hash: Sha256;
  linkset_hash?: Sha256;
  /** Number of tools. */
  tools?: number;
  /** Hash of the exact octets served as EAT JSON. */
  catalog_sha256_raw?: Sha256;
  jti?: string;
}
