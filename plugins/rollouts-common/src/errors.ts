/**
 * Codes of refusals, in the `code` field of the error body.
 *
 * | code | status | meaning |
 * |---|---|---|
 * | `INVALID_REQUEST` | 400 | the request does not have the documented form |
 * | `INVALID_MANIFESTS` | 400 | the text is not a set of Kubernetes objects; says where |
 * | `MANIFESTS_TOO_LARGE` | 413 | more text, or more objects, than accepted |
 * | `CLUSTER_NOT_FOUND` | 404 | the configuration names no such cluster |
 * | `CLUSTER_UNSUPPORTED` | 400 | a backend cannot use this cluster's auth provider |
 * | `CLUSTER_UNREACHABLE` | 503 | no answer from the API server |
 * | `CLUSTER_UNAUTHORIZED` | 503 | the API server refuses the configured credentials |
 * | `PLAN_NOT_FOUND` | 404 | no such plan |
 * | `PLAN_REFUSED` | 409 | the plan has errors; its `problems` name them |
 * | `PLAN_EXPIRED` | 409 | too old: plan again |
 * | `DIGEST_MISMATCH` | 409 | not the plan that was read |
 * | `RUN_NOT_FOUND` | 404 | no such run |
 * | `RUN_ACTIVE` | 409 | another run of the same application is under way |
 * | `ROLLBACK_IMPOSSIBLE` | 409 | nothing to go back to, or the run no longer stands |
 *
 * Whether the cluster still is as planned is known only at the moment of applying: such a run ends at once as `failed`,
 * with nothing applied and evidence with reason `BASE_MOVED`.
 *
 * @public
 */
export type RolloutsErrorCode =
  | 'INVALID_REQUEST'
  | 'INVALID_MANIFESTS'
  | 'MANIFESTS_TOO_LARGE'
  | 'CLUSTER_NOT_FOUND'
  | 'CLUSTER_UNSUPPORTED'
  | 'CLUSTER_UNREACHABLE'
  | 'CLUSTER_UNAUTHORIZED'
  | 'PLAN_NOT_FOUND'
  | 'PLAN_REFUSED'
  | 'PLAN_EXPIRED'
  | 'DIGEST_MISMATCH'
  | 'RUN_NOT_FOUND'
  | 'RUN_ACTIVE'
  | 'ROLLBACK_IMPOSSIBLE';
