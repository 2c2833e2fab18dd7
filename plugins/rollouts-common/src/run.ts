import { ObjectRef, PlanAction } from './plan';

/**
 * Where a run is. The first four are active, the others final.
 *
 * - `pending`: started, no replica drives it yet.
 * - `applying`: objects are written, level by level, and awaited.
 * - `pruning`: all is ready; objects that left the manifests are deleted.
 * - `rolling-back`: it failed, and the previous release is being brought back.
 * - `succeeded`: all objects are ready.
 * - `rolled-back`: it failed, and the previous release is back and ready.
 * - `needs-attention`: it failed, and so did the way back.
 * - `failed`: it failed and nothing was to be brought back, for example since nothing had been applied.
 * - `aborted`: somebody stopped it and left things as they are.
 *
 * @public
 */
export type RunState =
  | 'pending'
  | 'applying'
  | 'pruning'
  | 'rolling-back'
  | 'succeeded'
  | 'rolled-back'
  | 'needs-attention'
  | 'failed'
  | 'aborted';

/**
 * All states of a run, active ones first.
 *
 * @public
 */
export const RUN_STATES: readonly RunState[] = [
  'pending',
  'applying',
  'pruning',
  'rolling-back',
  'succeeded',
  'rolled-back',
  'needs-attention',
  'failed',
  'aborted',
];

/**
 * True while more will happen by itself.
 *
 * @public
 */
export function isActiveRun(run: { state: RunState }): boolean {
  return RUN_STATES.indexOf(run.state) < 4;
}

/**
 * How a run ended, as scripts see it: `failed` also stands for `needs-attention`, `inconclusive` for `aborted`.
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
  | 'waiting'
  | 'applied'
  | 'in-progress'
  | 'paused'
  | 'ready'
  | 'failed'
  | 'pruned'
  | 'kept';

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
  /** What is wrong or awaited, for example `CrashLoopBackOff`. */
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
  /** Something to know that does not fail the run. */
  warning?: string;
  /** Pods of its new revision; empty for kinds without pods. */
  pods: RunPod[];
}

/**
 * One fact that decided a verdict.
 *
 * @public
 */
export interface Evidence {
  /** The object. */
  object: ObjectRef;
  /** The pod. */
  pod?: string;
  /** The container. */
  container?: string;
  /**
   * Kind of trouble: `terminal` counts at once, `looping` after restarts, `unschedulable` after a grace, `deadline` when no
   * progress came in time, `refused` when the API server did not take an object, `aborted` by a person.
   */
  class:
    | 'terminal'
    | 'looping'
    | 'unschedulable'
    | 'deadline'
    | 'refused'
    | 'aborted';
  /** Word of the cluster, for example `CrashLoopBackOff`, or of the engine, for example `DeadlineExceeded`. */
  reason: string;
  /** What happened, in a sentence; secret values masked. */
  message: string;
  /** Exit code of the container. */
  exitCode?: number;
  /** Restarts of the container in this run. */
  restarts?: number;
  /** Path of the field that the API server refused. */
  field?: string;
  /** When it was seen, ISO 8601. */
  at: string;
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
  /** Ready, pruned or kept. */
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
  /** The plan that it carries out. */
  planId: string;
  /** Digest of that plan. */
  digest: string;
  /** `rollout` carries out a plan, `rollback` brings a previous release back. */
  kind: 'rollout' | 'rollback';
  /** The run that a `rollback` undoes. */
  rollbackOf?: string;
  /** Revision of the application that it makes, from 1. */
  revision: number;
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
  /** The way back, object by object; empty until it begins. */
  rollback: RunObject[];
  /** What decided the verdict; empty while all is well. */
  evidence: Evidence[];
  /** The last lines of its log, oldest first, at most {@link MAX_RUN_EVENTS}. */
  events: RunEvent[];
  /**
   * Whether `POST /runs/{id}/rollback` would be accepted. While the run is active that stops it and takes it back;
   * once it is over, a new run brings the release before it back, as long as it is the application's last run.
   */
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
