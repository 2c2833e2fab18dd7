/**
 * The one answer about a catalog's truth.
 *
 * - `verified`: signed, and every check of the publisher's profile passed
 * - `unverified`: nothing was proven wrong, nothing was proven right (not fetched yet, or unsigned)
 * - `refused`: it was read, and a check failed
 * - `unreachable`: it could not be read; says nothing about what it holds
 *
 * @public
 */
export type VerdictStatus =
  | 'verified'
  | 'unverified'
  | 'refused'
  | 'unreachable';

/**
 * Why a verdict is not simply `verified`, or what to know although it is.
 *
 * @public
 */
export interface VerdictReason {
  /** Stable code, such as `BAD_SIGNATURE`, `EXPIRED`, `ISSUER_UNTRUSTED`, `SSRF_BLOCKED`. */
  code: string;
  /** What was wrong, where, and what to do; one or two sentences for a person. */
  message: string;
}

/**
 * One step of the verification, in the order in which it ran.
 *
 * @public
 */
export interface VerificationStep {
  /** Stable id of the step, such as `fetch`, `signature`, `times`. */
  id: string;
  /** Short title for a person. */
  title: string;
  outcome: 'passed' | 'warned' | 'failed' | 'skipped';
  /** What was seen, or why it failed. */
  detail?: string;
}

/**
 * A verdict with its evidence.
 *
 * @public
 */
export interface Verdict {
  status: VerdictStatus;
  /** Empty when nothing is to be said. */
  reasons: VerdictReason[];
  /** The verification's steps; empty before the first attempt. */
  steps: VerificationStep[];
  /** When the verdict was given (RFC 3339); absent before the first attempt. */
  checkedAt?: string;
  /** Since when the status is what it is (RFC 3339). */
  since?: string;
}
