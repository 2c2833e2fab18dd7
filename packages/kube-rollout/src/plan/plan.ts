import { FieldManagerConflict } from '../errors';
import { KubeObject, ObjectRef } from '../object';

/**
 * Where a set of manifests goes: one application, in one namespace, of one cluster. Inventory, releases and runs are
 * kept per target; at most one run of a target is active.
 *
 * @public
 */
export interface Target {
  /** Name of the cluster as the caller knows it. */
  cluster: string;
  /** Namespace of objects that name none. */
  namespace: string;
  /** Name of the application: a DNS label (RFC 1123), since it becomes the value of a label. */
  name: string;
}

/**
 * How a rollout is judged and what it may do. Part of the plan and of its digest. All durations are in seconds.
 *
 * @public
 */
export interface RolloutPolicy {
  /** How long a workload may go without a new available pod before it has failed. Default 600. */
  deadlineSeconds: number;
  /** So many restarts in this rollout make a crash loop. Default 2. */
  crashLoopRestarts: number;
  /** Patience with a pod that cannot be scheduled. Default 60. */
  unschedulableGraceSeconds: number;
  /** Patience with a refusal to create pods (quota, admission). Default 10. */
  replicaFailureGraceSeconds: number;
  /** Patience with a custom resource that has no status yet. Default 30. */
  statusGraceSeconds: number;
  /** Delete what the inventory has and the manifests no longer have. Default true. */
  prune: boolean;
  /** Also prune PersistentVolumeClaim, PersistentVolume and CustomResourceDefinition. Default false. A Namespace never is. */
  pruneProtected: boolean;
  /** Refuse a plan that prunes more objects than this. Default: the larger of 10 and 20 % of the inventory. */
  maxPrune?: number;
  /** What happens on a failure verdict. Default `automatic`. */
  rollback: 'automatic' | 'never';
}

/**
 * What a plan will do with an object. `keep` is an object that left the manifests and stays in the cluster (protected
 * kind, keep annotation, pruning switched off, no longer ours); `refused` stops the whole plan.
 *
 * @public
 */
export type PlanAction =
  | 'create'
  | 'update'
  | 'unchanged'
  | 'prune'
  | 'keep'
  | 'refused';

/**
 * Codes of {@link PlanProblem}.
 *
 * - `CONFLICT`: other managers own fields that the manifest sets
 * - `INVALID`, `IMMUTABLE`, `FORBIDDEN`, `UNKNOWN_KIND`, `ADMISSION_DENIED`, `QUOTA`, `NOT_FOUND`: the server's answer
 * - `NAMESPACE_MISSING`: neither in the cluster nor in the plan; `NAMESPACE_TERMINATING`; `TERMINATING`: object on its way out
 * - `OWNED_BY_OTHER`: another application's label is on the object
 * - `PRUNE_TOO_LARGE`: above the cap
 * - warnings: `PENDING` (could only be simulated), `DATA_LOSS`, `PROTECTED`, `KEPT`, `NOT_OURS`, `SERVER_WARNING`
 *
 * @public
 */
export type PlanProblemCode =
  | 'CONFLICT'
  | 'INVALID'
  | 'IMMUTABLE'
  | 'FORBIDDEN'
  | 'UNKNOWN_KIND'
  | 'ADMISSION_DENIED'
  | 'QUOTA'
  | 'NOT_FOUND'
  | 'NAMESPACE_MISSING'
  | 'NAMESPACE_TERMINATING'
  | 'TERMINATING'
  | 'OWNED_BY_OTHER'
  | 'PRUNE_TOO_LARGE'
  | 'SERVER_ERROR'
  | 'PENDING'
  | 'DATA_LOSS'
  | 'PROTECTED'
  | 'KEPT'
  | 'NOT_OURS'
  | 'SERVER_WARNING';

/**
 * Why an object is refused, or what one should know about it.
 *
 * @public
 */
export interface PlanProblem {
  code: PlanProblemCode;
  /** An `error` refuses the object and with it the plan. */
  severity: 'error' | 'warning';
  /** What is wrong and what to do, for people. */
  message: string;
  /** Path of the field, as the server names it. */
  field?: string;
  /** With `CONFLICT`: who owns which fields. */
  conflicts?: FieldManagerConflict[];
}

/**
 * One changed field. Values of Secrets read `(masked)`; a changed one reads `(masked, changed)` after.
 *
 * @public
 */
export interface FieldChange {
  /** Path in the object, for instance `spec.template.spec.containers[0].image`. */
  path: string;
  type: 'added' | 'removed' | 'changed';
  before?: unknown;
  after?: unknown;
}

/**
 * What changes in one object.
 *
 * @public
 */
export interface ObjectDiff {
  /** Unified diff of the YAML before and after, with three lines of context. */
  unified: string;
  changes: FieldChange[];
}

/**
 * The state of an object on which its plan was made. `fingerprint` is a SHA-256 over everything but status and
 * bookkeeping: status alone moves resourceVersion, and must not void a plan.
 *
 * @public
 */
export interface ObjectBase {
  uid: string;
  resourceVersion: string;
  fingerprint: string;
}

/**
 * What a plan will do with one object.
 *
 * @public
 */
export interface ObjectPlan {
  ref: ObjectRef;
  /** Position in the order of application, from 0; objects of one level go together. */
  level: number;
  action: PlanAction;
  /** Set when the server could not be asked, since this plan itself makes the namespace or the kind. */
  pending?: 'Namespace' | 'CustomResourceDefinition';
  diff?: ObjectDiff;
  /** Absent when the object does not exist yet. */
  base?: ObjectBase;
  problems: PlanProblem[];
  /** Exactly what will be applied, secrets included. Absent with `prune` and `keep`. Never send it to a browser. */
  manifest?: KubeObject;
}

/**
 * An artefact: what a rollout will do, on which base, until when. Plain JSON, to be stored and approved.
 * It carries manifests with their secrets: answer with {@link redactPlan} of it.
 *
 * @public
 */
export interface Plan {
  id: string;
  target: Target;
  policy: RolloutPolicy;
  /** SHA-256 in hex over target, policy, manifests, actions and base versions; approvals bind to it. */
  digest: string;
  /** ISO 8601 instants. A plan lives two hours. */
  createdAt: string;
  expiresAt: string;
  author?: string;
  /** In order of application; what is pruned or kept comes last. */
  objects: ObjectPlan[];
  counts: Record<PlanAction, number>;
  /** True when any object is refused; such a plan cannot be run. */
  refused: boolean;
  /** The release that a failed run goes back to; absent for the first. */
  previousRelease?: { id: string; revision: number };
  /** Git version of the API server, for instance `v1.36.3`. */
  serverVersion?: string;
}

/**
 * A plan without manifests: safe to log, to answer, to show.
 *
 * @public
 */
export type PlanView = Omit<Plan, 'objects'> & {
  objects: Omit<ObjectPlan, 'manifest'>[];
};

/**
 * Takes the manifests, and so the secrets, out of a plan.
 *
 * @public
 */
export function redactPlan(plan: Plan): PlanView {
  return {
    ...plan,
    objects: plan.objects.map(({ manifest: _, ...object }) => object),
  };
}
