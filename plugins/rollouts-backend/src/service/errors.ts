import {
  ClusterError,
  ManifestError,
  RolloutError,
} from '@agentyard/kube-rollout';
import type { RolloutsErrorCode } from '@agentyard/plugin-rollouts-common';
import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** The request cannot be carried out as it is. HTTP 400. */
export class RequestRefusal extends InputError {
  constructor(readonly code: RolloutsErrorCode, message: string) {
    super(message);
  }
}

/** More than is accepted. HTTP 413. */
export class SizeRefusal extends RequestRefusal {
  readonly statusCode = 413;
}

/** What the request names does not exist. HTTP 404. */
export class NotFoundRefusal extends NotFoundError {
  constructor(readonly code: RolloutsErrorCode, message: string) {
    super(message);
  }
}

/** The request is fine, the state of things is not. HTTP 409. */
export class StateRefusal extends ConflictError {
  constructor(readonly code: RolloutsErrorCode, message: string) {
    super(message);
  }
}

/** A cluster cannot be asked. HTTP 503. */
export class ClusterUnavailable extends ServiceUnavailableError {
  constructor(readonly code: RolloutsErrorCode, message: string) {
    super(message);
  }
}

/** The HTTP error that says what an error of the engine says; any other error is passed on as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof ManifestError) {
    const [{ code }] = error.issues;
    return code === 'TOO_LARGE' || code === 'TOO_MANY'
      ? new SizeRefusal('MANIFESTS_TOO_LARGE', error.message)
      : new RequestRefusal('INVALID_MANIFESTS', error.message);
  }
  if (!(error instanceof RolloutError)) return error;
  switch (error.code) {
    case 'BAD_TARGET':
      return new RequestRefusal('INVALID_REQUEST', error.message);
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
      return new ClusterUnavailable('CLUSTER_UNAUTHORIZED', error.message);
    case 'PLAN_REFUSED':
      return new StateRefusal('PLAN_REFUSED', error.message);
    case 'PLAN_EXPIRED':
      return new StateRefusal('PLAN_EXPIRED', error.message);
    case 'PLAN_CHANGED':
      return new StateRefusal('DIGEST_MISMATCH', error.message);
    case 'RUN_ACTIVE':
      return new StateRefusal('RUN_ACTIVE', error.message);
    case 'RUN_OVER':
      return new StateRefusal('ROLLBACK_IMPOSSIBLE', error.message);
    case 'RUN_NOT_FOUND':
      return new NotFoundRefusal('RUN_NOT_FOUND', error.message);
    default:
      return error instanceof ClusterError
        ? new ClusterUnavailable('CLUSTER_UNREACHABLE', error.message)
        : error;
  }
}
