import type { Alg } from './algorithms';
import type { Sha256 } from './canonicalJson';
import type { ToolCatalog } from './catalog';
import type { PublicJwk } from './jwk';
import type { GeneralJws } from './jws';
import type { Linkset } from './linkset';
import type { Signer } from './signer';
import type { Statement } from './statement';
import type { JsonObject } from './strictJson';

/**
 * One key to sign with.
 *
 * @public
 */
export interface SigningKey {
  signer: Signer;
  /** The signer's name for the key's version. */
  ref: string;
  alg: Alg;
  /** The public half as published: the signature must verify with it. */
  jwk: PublicJwk;
}

/**
 * Input of {@link signCatalog}.
 *
 * @public
 */
export interface SignOptions {
  catalog: ToolCatalog | JsonObject;
  /** Its hash goes into the statement. */
  linkset?: Linkset;
  /** DID of the publisher. */
  issuer: string;
  /** URL of the catalog. */
  subject: string;
  issuedAt: Date;
  /** Default 86 400. */
  lifetimeSeconds?: number;
  /** One more than the statement's before. */
  seq: number;
  /** `payloadHash` of the statement before. */
  prev?: Sha256;
  /** Sign the sidecar S, in this order; the first RS256 key also signs carrier A. */
  keys: readonly SigningKey[];
  signal?: AbortSignal;
}

/**
 * A signed catalog, all of it verified.
 *
 * @public
 */
export interface SignedCatalog {
  statement: Statement;
  /** Hash of the payload octets: the next statement's `prev`. */
  payloadHash: Sha256;
  catalogHash: Sha256;
  /** The octets to publish as EAT JSON. */
  catalogBytes: Uint8Array;
  /** Carrier A, the value of `X-JWS-Signature`, `typ: JWS`; absent without an RS256 key. */
  compact?: string;
  /** Carrier S, `typ: eat-catalog+jws`; serve as `application/jose+json`. */
  general: GeneralJws;
  /** One per signature of S. */
  signatures: { kid: string; alg: Alg; thumbprint: string }[];
}

/**
 * States the catalog's hash and signs it with each key. Every signature is verified by a second implementation against the
 * given public key before anything is returned.
 *
 * @throws EatError `BAD_CLAIMS`, `STATEMENT_TOO_LARGE`, `WEAK_KEY`, `BAD_ALG`, `SIGNER_FAILED`, `SELF_VERIFICATION_FAILED`
 *
 * @public
 */
export async function signCatalog(
  options: SignOptions,
): Promise<SignedCatalog> {
  throw new Error(String(options));
}

/**
 * The catalog with its statement inside, as carrier C: for hosts that can serve neither headers nor a second file.
 *
 * @throws EatError `BAD_JWS` without `compact`
 *
 * @public
 */
export function embedSignature(
  catalog: ToolCatalog | JsonObject,
  signed: Pick<SignedCatalog, 'compact'>,
): JsonObject {
  throw new Error(String([catalog, signed]));
}
