import { ObjectRef, PlanAction } from './plan';

/**
 * Where a run is.
 *
 * - `pending`: started, no replica drives it yet.
 * - `applying`: objects are written.
 * - `watching`: everything is written; the verdict waits for the cluster.
 * - `rolling-back`: the verdict was bad; the previous release is brought back.
 * - `finished`: it has its verdict.
 *
 * @public
 */
export type RunState =
  | 'pending'
  | 'applying'
  | 'watching'
  | 'rolling-back'
  | 'finished';

/**
 * How a run ended.
 *
 * - `succeeded`: all objects are ready.
 * - `rolled-back`: it failed, and the previous release is back and ready.
 * - `failed`: it failed and nothing could be, or was to be, brought back: a human has to look.
 * - `inconclusive`: it ended without knowing, for example since the cluster could not be asked any more.
 *
 * @public
 */
export type RunVerdict =
  | 'succeeded'
  | 'rolled-back'
  | 'failed'
  | 'inconclusive';

/**
 * Where one object of a run stands.
 *
 * @public
 */
export type RunObjectState =
  | 'pending'
  | 'applied'
  | 'in-progress'
  | 'ready'
  | 'failed'
  | 'paused'
  | 'terminating'
  | 'pruned'
  | 'unknown';

/**
 * One pod that counts for an object of a run.
 *
 * @public
 */
export interface RunPod {
  /** Name. */
  name: string;
  /** Phase, for example `Running`. */
  phase: string;
  /** Whether it is ready. */
  ready: boolean;
  /** Restarts of its containers in this run. */
  restarts: number;
  /** Reason of the container that holds it up, for example `CrashLoopBackOff`. */
  reason?: string;
  /** Message beside the reason. */
  message?: string;
}

/**
 * One object of a run.
 *
 * @public
 */
export interface RunObject {
  /** The object. */
  ref: ObjectRef;
  /** What the plan does to it. */
  action: PlanAction;
  /** Where it stands. */
  state: RunObjectState;
  /** One line beside the state, for example `1 of 3 updated replicas available`. */
  message?: string;
  /** Pods of its new revision; empty for kinds without pods. */
  pods: RunPod[];
}

/**
 * One fact that decided a verdict.
 *
 * @public
 */
export interface Evidence {
  /** The object, as `Kind namespace/name`. */
  object: string;
  /** The pod. */
  pod?: string;
  /** The container. */
  container?: string;
  /** Reason of the cluster, for example `CrashLoopBackOff`. */
  reason: string;
  /** What happened, in a sentence; secret values masked. */
  message: string;
  /** Exit code of the container. */
  exitCode?: number;
  /** Restarts of the container in this run. */
  restarts?: number;
}

/**
 * One line of a run's log.
 *
 * @public
 */
export interface RunEvent {
  /** Number in the run, ascending without reuse. */
  seq: number;
  /** When, ISO 8601. */
  at: string;
  /** Weight. */
  level: 'info' | 'warn' | 'error';
  /** What happened. */
  message: string;
}

/**
 * How many objects of a run are where.
 *
 * @public
 */
export interface RunProgress {
  /** All objects. */
  total: number;
  /** Ready, or pruned. */
  ready: number;
  /** Failed. */
  failed: number;
}

/**
 * A run as lists show it.
 *
 * @public
 */
export interface RunSummary {
  /** Identifier. */
  id: string;
  /** The plan that it carries out; absent for a rollback by hand. */
  planId?: string;
  /** Digest of what it applies. */
  digest: string;
  /** `rollout` carries out a plan, `rollback` brings a previous release back. */
  kind: 'rollout' | 'rollback';
  /** The run that a `rollback` undoes. */
  rollbackOf?: string;
  /** Name of the application. */
  name: string;
  /** Name of the cluster. */
  cluster: string;
  /** Namespace of objects that name none. */
  namespace: string;
  /** Catalog entity that is rolled out. */
  entityRef?: string;
  /** Where it is. */
  state: RunState;
  /** How it ended; only when finished. */
  verdict?: RunVerdict;
  /** Why it is where it is, in a sentence. */
  message?: string;
  /** Objects by state. */
  progress: RunProgress;
  /** Who started it. */
  createdBy: string;
  /** When it was started, ISO 8601. */
  createdAt: string;
  /** Last change, ISO 8601. */
  updatedAt: string;
  /** When it ended, ISO 8601. */
  finishedAt?: string;
}

/**
 * A run with all that is known of it.
 *
 * @public
 */
export interface Run extends RunSummary {
  /** Its objects. */
  objects: RunObject[];
  /** What decided the verdict; empty while all is well. */
  evidence: Evidence[];
  /** The last lines of its log, oldest first, at most {@link MAX_RUN_EVENTS}. */
  events: RunEvent[];
  /** Whether `POST /runs/{id}/rollback` would be accepted: it stands and a release before it exists. */
  canRollback: boolean;
}

/**
 * Number of log lines kept for a run; older ones are dropped.
 *
 * @public
 */
export const MAX_RUN_EVENTS = 500;

/**
 * What `POST /runs` takes: a plan, bound to its exact content.
 *
 * @public
 */
export interface RunRequest {
  /** The plan. */
  planId: string;
  /** Its digest, as read by whoever starts it. */
  digest: string;
}
