import { ObjectRef } from './object';

/**
 * Codes of {@link RolloutError}. They are stable: scripts may rely on them.
 *
 * - talking to a cluster: `UNREACHABLE` (no connection, TLS not trusted, no answer in time), `UNAUTHORIZED` (401),
 *   `FORBIDDEN` (403), `NOT_FOUND` (404), `CONFLICT` (409), `GONE` (410), `INVALID` (400, 422),
 *   `THROTTLED` (429), `SERVER_ERROR` (5xx), `RESPONSE_TOO_LARGE`, `BAD_RESPONSE`, `BAD_KUBECONFIG`,
 *   `UNKNOWN_KIND` (the API server does not serve this group, version and kind)
 * - manifests: `MANIFESTS_REFUSED`
 * - plans: `PLAN_REFUSED`, `PLAN_EXPIRED`, `PLAN_CHANGED` (digest does not match), `BASE_MOVED`, `BAD_TARGET`
 * - runs: `RUN_NOT_FOUND`, `RUN_ACTIVE` (another run of the same target is not over), `RUN_OVER`, `LEASE_HELD`,
 *   `LEASE_LOST`, `RELEASE_NOT_FOUND`, `STORE_UNREADABLE`
 * - `ABORTED`: the caller's signal fired
 *
 * @public
 */
export type RolloutErrorCode =
  | 'UNREACHABLE'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'GONE'
  | 'INVALID'
  | 'THROTTLED'
  | 'SERVER_ERROR'
  | 'RESPONSE_TOO_LARGE'
  | 'BAD_RESPONSE'
  | 'BAD_KUBECONFIG'
  | 'UNKNOWN_KIND'
  | 'MANIFESTS_REFUSED'
  | 'PLAN_REFUSED'
  | 'PLAN_EXPIRED'
  | 'PLAN_CHANGED'
  | 'BASE_MOVED'
  | 'BAD_TARGET'
  | 'RUN_NOT_FOUND'
  | 'RUN_ACTIVE'
  | 'RUN_OVER'
  | 'LEASE_HELD'
  | 'LEASE_LOST'
  | 'RELEASE_NOT_FOUND'
  | 'STORE_UNREADABLE'
  | 'ABORTED';

/**
 * Base of all errors of the engine: `code` for programs, `message` for people.
 *
 * @public
 */
export class RolloutError extends Error {
  readonly code: RolloutErrorCode;

  constructor(
    code: RolloutErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * One reason inside an answer of the API server, `status.details.causes` of a Kubernetes `Status`.
 *
 * @public
 */
export interface FieldCause {
  /** Path of the field as the server names it, for instance `spec.template.spec.containers[0].name`. */
  field?: string;
  /** Machine-readable reason, for instance `FieldValueRequired` or `FieldManagerConflict`. */
  reason?: string;
  message: string;
}

/**
 * Another field manager that owns fields which we wanted to set.
 *
 * @public
 */
export interface FieldManagerConflict {
  manager: string;
  fields: string[];
}

/**
 * The cluster refused a request, or could not be asked.
 *
 * @public
 */
export class ClusterError extends RolloutError {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Machine-readable reason of the Kubernetes `Status`, for instance `AlreadyExists`. */
  readonly reason?: string;
  /** What is wrong, field by field. */
  readonly causes: FieldCause[];
  /** With `CONFLICT` of a server-side apply: who owns which fields. */
  readonly conflicts: FieldManagerConflict[];
  /** How long the server asks us to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(
    code: RolloutErrorCode,
    message: string,
    details: {
      status?: number;
      reason?: string;
      causes?: FieldCause[];
      conflicts?: FieldManagerConflict[];
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(code, message, { cause: details.cause });
    this.status = details.status;
    this.reason = details.reason;
    this.causes = details.causes ?? [];
    this.conflicts = details.conflicts ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * One thing that is wrong with a manifest.
 *
 * @public
 */
export interface ManifestIssue {
  /**
   * `SYNTAX`, `NOT_AN_OBJECT`, `MISSING_FIELD`, `BAD_FIELD`, `DUPLICATE`, `TOO_LARGE`, `TOO_MANY`,
   * `TOO_DEEP`, `EMPTY`.
   */
  code:
    | 'SYNTAX'
    | 'NOT_AN_OBJECT'
    | 'MISSING_FIELD'
    | 'BAD_FIELD'
    | 'DUPLICATE'
    | 'TOO_LARGE'
    | 'TOO_MANY'
    | 'TOO_DEEP'
    | 'EMPTY';
  /** Position of the YAML document, counted from 1. */
  document?: number;
  /** The object, as far as it could be read: `Deployment shop/web`. */
  object?: string;
  /** Path of the field, for instance `metadata.name`. */
  field?: string;
  message: string;
}

/**
 * The manifests cannot be read; code `MANIFESTS_REFUSED`, with every issue that was found.
 *
 * @public
 */
export class ManifestError extends RolloutError {
  readonly issues: ManifestIssue[];

  constructor(issues: ManifestIssue[]) {
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super('MANIFESTS_REFUSED', `${formatIssue(issues[0])}${more}`);
    this.issues = issues;
  }
}

function formatIssue(issue: ManifestIssue): string {
  const where = [
    issue.document === undefined ? undefined : `document ${issue.document}`,
    issue.object,
    issue.field,
  ].filter(Boolean);
  return where.length ? `${where.join(', ')}: ${issue.message}` : issue.message;
}

/**
 * A plan may not be run; codes `PLAN_REFUSED`, `PLAN_EXPIRED`, `PLAN_CHANGED`, `BASE_MOVED`, `BAD_TARGET`.
 *
 * @public
 */
export class PlanError extends RolloutError {
  /** The objects concerned, if it is about objects. */
  readonly objects: ObjectRef[];

  constructor(
    code: RolloutErrorCode,
    message: string,
    objects: ObjectRef[] = [],
  ) {
    super(code, message);
    this.objects = objects;
  }
}

/**
 * A run cannot be started, driven or written; codes `RUN_*`, `LEASE_*`, `RELEASE_NOT_FOUND`, `STORE_UNREADABLE`.
 *
 * @public
 */
export class RunError extends RolloutError {}
