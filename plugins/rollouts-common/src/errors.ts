/**
 * Codes of refusals, in the `code` field of the error body.
 *
 * | code | status | meaning |
 * |---|---|---|
 * | `invalid-request` | 400 | the request does not have the documented form |
 * | `invalid-manifests` | 400 | the text is not a set of Kubernetes objects; says where |
 * | `manifests-too-large` | 413 | more text, or more objects, than accepted |
 * | `cluster-not-found` | 404 | the configuration names no such cluster |
 * | `cluster-unsupported` | 400 | a backend cannot use this cluster's auth provider |
 * | `cluster-unreachable` | 503 | no answer from the API server |
 * | `cluster-unauthorized` | 503 | the API server refuses the configured credentials |
 * | `plan-not-found` | 404 | no such plan |
 * | `plan-refused` | 409 | the plan has errors; its `problems` name them |
 * | `plan-expired` | 409 | too old: plan again |
 * | `plan-moved` | 409 | the cluster changed since: plan again |
 * | `digest-mismatch` | 409 | not the plan that was read |
 * | `run-not-found` | 404 | no such run |
 * | `run-active` | 409 | another run of the same application is under way |
 * | `rollback-impossible` | 409 | nothing to go back to, or the run no longer stands |
 *
 * @public
 */
export type RolloutsErrorCode =
  | 'invalid-request'
  | 'invalid-manifests'
  | 'manifests-too-large'
  | 'cluster-not-found'
  | 'cluster-unsupported'
  | 'cluster-unreachable'
  | 'cluster-unauthorized'
  | 'plan-not-found'
  | 'plan-refused'
  | 'plan-expired'
  | 'plan-moved'
  | 'digest-mismatch'
  | 'run-not-found'
  | 'run-active'
  | 'rollback-impossible';
