import { ObjectRef } from '../object';
import { PlanAction, Target } from '../plan/plan';

/**
 * State of a run. The first four are active, the others are final.
 *
 * - `pending` → `applying` → `pruning` → `succeeded`
 * - `applying` → `rolling-back` → `rolled-back`, or `needs-attention` when the way back failed too
 * - `failed`: nothing was rolled back, because nothing was applied (base moved, plan expired) or policy says never
 * - `aborted`: somebody stopped it and left things as they are
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
 * True when nothing more will happen in this state.
 *
 * @public
 */
export function isFinal(state: RunState): boolean {
  return !['pending', 'applying', 'pruning', 'rolling-back'].includes(state);
}

/**
 * Kinds of trouble: `terminal` counts at once, `looping` after restarts, `unschedulable` after a grace, `deadline`
 * when no progress came in time, `refused` when the server did not take an object, `aborted` by a person.
 *
 * @public
 */
export type EvidenceClass =
  | 'terminal'
  | 'looping'
  | 'unschedulable'
  | 'deadline'
  | 'refused'
  | 'aborted';

/**
 * Why a rollout failed, as seen in the cluster.
 *
 * @public
 */
export interface Evidence {
  class: EvidenceClass;
  object: ObjectRef;
  /** Name of the pod, when it is about one. */
  pod?: string;
  container?: string;
  /** CamelCase word of Kubernetes (`CrashLoopBackOff`) or a code of ours (`DeadlineExceeded`). */
  reason: string;
  message: string;
  exitCode?: number;
  restartCount?: number;
  /** Path of the field, when the server refused one. */
  field?: string;
  /** ISO 8601 instant at which the engine saw it. */
  at: string;
}

/**
 * One pod of the new revision of a workload.
 *
 * @public
 */
export interface PodProgress {
  name: string;
  uid: string;
  phase: string;
  ready: boolean;
  /** Restarts within this rollout, over all containers. */
  restarts: number;
  /** What is wrong or what is awaited, for instance `ContainerCreating` or `CrashLoopBackOff`. */
  reason?: string;
  message?: string;
}

/**
 * State of one object in a run. `accepted` means: applied, and there is nothing to wait for.
 *
 * @public
 */
export type ObjectState =
  | 'waiting'
  | 'applied'
  | 'in-progress'
  | 'paused'
  | 'ready'
  | 'failed'
  | 'pruned'
  | 'kept';

/**
 * How far one object is.
 *
 * @public
 */
export interface ObjectProgress {
  ref: ObjectRef;
  level: number;
  action: PlanAction;
  state: ObjectState;
  /** One line for people: `2 of 3 pods available`. */
  message?: string;
  /** UID of the live object, as soon as it is known. */
  uid?: string;
  /** metadata.generation which our apply produced; older status is not believed. */
  generation?: number;
  /** True when this run brought the object into being. */
  created?: boolean;
  /** Instant (ISO 8601) by which progress must be seen. */
  deadline?: string;
  /** Pods of the new revision, for workloads. */
  pods?: PodProgress[];
  /** Hash of the revision that a StatefulSet went to; tells its failed pods from others on the way back. */
  revisionHash?: string;
  /** Things to know that do not fail the run. */
  warning?: string;
}

/**
 * Somebody's wish that an active run stop. The driver obeys between steps.
 *
 * @public
 */
export interface AbortRequest {
  by: string;
  /** ISO 8601 instant. */
  at: string;
  /** `rollback`: back to the previous release. `leave`: stop, and leave things as they are. */
  then: 'rollback' | 'leave';
}

/**
 * A run: one plan on its way into one cluster. Plain JSON without secrets.
 *
 * @public
 */
export interface Run {
  id: string;
  target: Target;
  planId: string;
  planDigest: string;
  state: RunState;
  /** Revision that this run makes, counted from 1 per target. */
  revision: number;
  /** Release to go back to. */
  previousReleaseId?: string;
  requestedBy?: string;
  /** ISO 8601 instants. */
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  objects: ObjectProgress[];
  /** Progress of the way back, object by object; empty until it begins. */
  rollback: ObjectProgress[];
  /** Why it failed, first cause first. */
  evidence: Evidence[];
  /** One line for people. */
  message?: string;
  abort?: AbortRequest;
  /** Restart counts, by pod UID, of pods that were there before this run. */
  restartBaseline: Record<string, number>;
}

/**
 * The word for a run's end, as the command line prints it; undefined while the run is active.
 *
 * @public
 */
export function verdictOf(
  run: Pick<Run, 'state'>,
): 'succeeded' | 'rolled-back' | 'failed' | 'inconclusive' | undefined {
  switch (run.state) {
    case 'succeeded':
    case 'rolled-back':
      return run.state;
    case 'failed':
    case 'needs-attention':
      return 'failed';
    case 'aborted':
      return 'inconclusive';
    default:
      return undefined;
  }
}

/**
 * What happens in a run, as it happens; for live pages and progress output.
 *
 * @public
 */
export type RunEvent =
  | {
      type: 'state';
      runId: string;
      at: string;
      state: RunState;
      message?: string;
    }
  | {
      type: 'object';
      runId: string;
      at: string;
      phase: 'rollout' | 'rollback';
      object: ObjectProgress;
    }
  | { type: 'evidence'; runId: string; at: string; evidence: Evidence }
  | {
      type: 'message';
      runId: string;
      at: string;
      level: 'info' | 'warn';
      message: string;
    };
