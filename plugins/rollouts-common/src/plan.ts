/**
 * Names one Kubernetes object.
 *
 * @public
 */
export interface ObjectRef {
  /** Group and version, for example `apps/v1`. */
  apiVersion: string;
  /** Kind, for example `Deployment`. */
  kind: string;
  /** Namespace; absent for cluster-scoped objects. */
  namespace?: string;
  /** Name. */
  name: string;
}

/**
 * One line for an object reference: `kind/name`, with its namespace where it has one.
 *
 * @example
 * ```ts
 * formatObjectRef({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'tools', name: 'echo' });
 * // 'Deployment tools/echo'
 * ```
 *
 * @public
 */
export function formatObjectRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}

/**
 * What applying the plan does to one object.
 *
 * - `prune` deletes an object that the application owns and the manifests no longer name.
 * - `keep` leaves such an object in the cluster: a protected kind, a keep annotation, or no longer ours.
 * - `refused`: the API server, or a rule, refuses the object, and with it the whole plan.
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
 * Something that is wrong, or worth knowing, about a plan.
 *
 * @public
 */
export interface PlanProblem {
  /** `error`: the plan cannot be started. `warning`: it can, but read this first. */
  severity: 'error' | 'warning';
  /** Stable code, for example `IMMUTABLE` or `CONFLICT`. */
  code: string;
  /** What is wrong and what to do, in a sentence. */
  message: string;
  /** The object it is about; absent when it is about the plan as a whole. */
  object?: ObjectRef;
  /** Path of the field it is about, for example `spec.selector`. */
  field?: string;
  /** With `CONFLICT`: other managers and the fields that they own. */
  conflicts?: { manager: string; fields: string[] }[];
}

/**
 * One object of a plan.
 *
 * @public
 */
export interface PlanObject {
  /** The object. */
  ref: ObjectRef;
  /** What applying does to it. */
  action: PlanAction;
  /** Position in the order of application, from 0; objects of one level go together. */
  level: number;
  /** Unified diff from the live to the planned object in YAML, values of Secrets masked; absent when nothing changes. */
  diff?: string;
  /** True when the API server could not judge it yet, since its CRD or namespace is created by the same plan. */
  simulated: boolean;
}

/**
 * How many objects a plan touches, by action.
 *
 * @public
 */
export type PlanCounts = Record<PlanAction, number>;

/**
 * Whether a plan can be started.
 *
 * - `ready`: it can, with its exact digest.
 * - `refused`: the API server, or a rule, refuses it; `problems` say where and why.
 * - `expired`: too old to be started.
 *
 * @public
 */
export type PlanState = 'ready' | 'refused' | 'expired';

/**
 * A plan as lists show it.
 *
 * @public
 */
export interface PlanSummary {
  /** Identifier. */
  id: string;
  /** SHA-256 in hex over everything that will be applied and its base; a run is started only with it. */
  digest: string;
  /** Name of the application; releases and runs of one application share it. */
  name: string;
  /** Name of the cluster. */
  cluster: string;
  /** Namespace of objects that name none. */
  namespace: string;
  /** Catalog entity that is rolled out, for example `component:default/echo`. */
  entityRef?: string;
  /** Whether it can be started. */
  state: PlanState;
  /** Number of objects by action. */
  counts: PlanCounts;
  /** `rollout`: of manifests. `rollback`: of a previous release, made by a rollback by hand. */
  kind: 'rollout' | 'rollback';
  /** Who made it: entity reference of a user, or subject of a service. */
  createdBy: string;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** From when on it is refused, ISO 8601. */
  expiresAt: string;
}

/**
 * A plan: what would change, exactly.
 *
 * @public
 */
export interface Plan extends PlanSummary {
  /** Its objects in the order of application, then what is pruned or kept. */
  objects: PlanObject[];
  /** Why it cannot be started, and what else is worth knowing. */
  problems: PlanProblem[];
  /** Revision that a failed run goes back to; absent for the first release of the application. */
  previousRevision?: number;
  /** Version of the API server, for example `v1.36.3`. */
  serverVersion?: string;
}

/**
 * What `POST /plans` takes.
 *
 * @public
 */
export interface PlanRequest {
  /** Name of the application, a DNS label of at most 63 characters. */
  name: string;
  /** Name of the cluster. */
  cluster: string;
  /** Namespace of objects that name none. */
  namespace: string;
  /** Manifests: YAML text, several documents allowed, at most {@link MAX_MANIFEST_BYTES}. */
  manifests: string;
  /** Catalog entity that is rolled out. */
  entityRef?: string;
}

/**
 * Largest accepted manifest text in bytes of UTF-8. Five thousand ordinary objects fit.
 *
 * @public
 */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
