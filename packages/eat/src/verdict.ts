import type { Alg } from './algorithms';
import type { CatalogTool } from './catalog';
import type { Sha256 } from './canonicalJson';
import type { EatErrorCode, Problem } from './errors';
import type { Carrier, HighWaterMark, Profile } from './policy';
import type { Statement } from './statement';
import type { JsonObject } from './strictJson';

/**
 * A step of verification, in the order in which they are taken.
 *
 * @public
 */
export type VerificationStepName =
  | 'policy'
  | 'fetch'
  | 'encoding'
  | 'carrier'
  | 'segments'
  | 'header'
  | 'payload'
  | 'issuer'
  | 'key'
  | 'signature'
  | 'times'
  | 'order'
  | 'hash'
  | 'schema'
  | 'specs';

/**
 * What one step found.
 *
 * @public
 */
export interface VerificationStep {
  name: VerificationStepName;
  status: 'passed' | 'failed' | 'skipped';
  code?: EatErrorCode;
  /** Why it failed, or what it saw. */
  message?: string;
}

/**
 * A signature that counted.
 *
 * @public
 */
export interface VerifiedSignature {
  kid: string;
  alg: Alg;
  /** RFC 7638 thumbprint of the key. */
  thumbprint: string;
}

/**
 * A tool that the catalog lists but that must not be used.
 *
 * @public
 */
export interface RejectedTool {
  index: number;
  name?: string;
  problems: Problem[];
}

/**
 * The outcome of a verification.
 *
 * - `verified`: the publisher says so, now, and it is true; `tools` may be used
 * - `refused`: something is wrong with it; `reasons` says what
 * - `unreachable`: it could not be asked; what was verified before stays
 *
 * @public
 */
export interface CatalogVerdict {
  status: 'verified' | 'refused' | 'unreachable';
  /** Empty if verified. */
  reasons: Problem[];
  /** What is not as it should be but was let pass. */
  warnings: Problem[];
  steps: VerificationStep[];
  profile: Profile;
  /** DID that the policy trusts for this catalog. */
  publisher?: string;
  /** URL that was asked. */
  url?: string;
  /** RFC 3339; the clock of the whole verification. */
  verifiedAt: string;
  carrier?: Carrier;
  /** The statement's issuer; set once its signature held. */
  issuer?: string;
  /** Key ID and algorithm of the first signature that counted. */
  kid?: string;
  alg?: Alg;
  signatures: VerifiedSignature[];
  /** Set once its signature held. */
  statement?: Statement;
  /** RFC 3339; from here on the catalog must not be used. */
  expiresAt?: string;
  /** Hash of the catalog as received, over the hash input. */
  catalogHash?: Sha256;
  /** The catalog as verified: all members but those that carry signatures. */
  catalog?: JsonObject;
  /** Empty unless verified. */
  tools: CatalogTool[];
  /** Tools that were left out, with the reasons. */
  rejectedTools: RejectedTool[];
  /** To be stored, if verified. */
  highWaterMark?: HighWaterMark;
}
