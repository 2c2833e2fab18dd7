import { KubeObject, ObjectRef } from '../object';
import { Plan, Target } from '../plan/plan';
import { AbortRequest, Run } from './run';

/**
 * One object that a target owns. Without `uid` it is about to be applied and was never confirmed.
 *
 * @public
 */
export interface InventoryEntry {
  ref: ObjectRef;
  uid?: string;
  /** True when a run of this target created it; false when it was there before and was taken over. */
  created: boolean;
  /** Revision that wrote it last. */
  revision: number;
}

/**
 * A set that was rolled out and proved good: what one can go back to.
 * `objects` carries secrets and stays on the server side.
 *
 * @public
 */
export interface Release {
  id: string;
  target: Target;
  revision: number;
  runId: string;
  planDigest: string;
  /** ISO 8601 instant. */
  createdAt: string;
  objects: KubeObject[];
}

/**
 * One line of a run's journal. An `intent` is written before anything is done, `done` or `failed` after.
 *
 * @public
 */
export interface JournalEntry {
  /** Idempotency key inside the run, for instance `apply/3` or `rollback/prune`. */
  step: string;
  phase: 'intent' | 'done' | 'failed' | 'note';
  /** ISO 8601 instant. */
  at: string;
  message: string;
}

/**
 * A journal line as it was stored.
 *
 * @public
 */
export interface StoredJournalEntry extends JournalEntry {
  /** Position in the journal of the run, from 1 without gaps. */
  seq: number;
  /** Epoch of the lease under which it was written. */
  epoch: number;
}

/**
 * The right to drive a run. Each acquisition raises the epoch, so that whoever held it before is fenced off.
 *
 * @public
 */
export interface Lease {
  runId: string;
  holder: string;
  epoch: number;
  /** ISO 8601 instant. */
  expiresAt: string;
}

/**
 * All that one step writes; a store writes all of it or nothing.
 *
 * @public
 */
export interface RunChange {
  /** Fields of the run to replace. */
  run?: Partial<
    Pick<
      Run,
      | 'state'
      | 'startedAt'
      | 'finishedAt'
      | 'objects'
      | 'rollback'
      | 'evidence'
      | 'message'
      | 'restartBaseline'
    >
  >;
  /** Lines to append, in order. */
  journal?: JournalEntry[];
  /** The whole new inventory of the run's target. */
  inventory?: InventoryEntry[];
  /** A release to add. */
  release?: Release;
}

/**
 * Where runs live, supplied by the caller: a database in the portal, {@link fileRunStore} on the command line.
 *
 * Every write but {@link RunStore.createRun} and {@link RunStore.requestAbort} names a lease, and a store must compare
 * its epoch **in the same transaction**: when the run's epoch is another one, nothing is written and a
 * `RunError` with code `LEASE_LOST` is thrown. That is what keeps a replica that slept too long from doing harm.
 *
 * @public
 */
export interface RunStore {
  /**
   * Stores a new run with its plan.
   * @throws RunError `RUN_ACTIVE` when a run of the same target is not final
   */
  createRun(run: Run, plan: Plan): Promise<void>;

  getRun(id: string): Promise<Run | undefined>;

  /** The plan under which the run was created, manifests included. */
  getPlan(runId: string): Promise<Plan | undefined>;

  /** Ids of runs that are not final and that nobody drives: no lease, or an expired one. */
  listAbandoned(now: Date): Promise<string[]>;

  /**
   * Takes the lease when nobody has it, it has expired, or the same holder asks; raises the epoch by one.
   * Answers undefined when somebody else has it.
   * @throws RunError `RUN_NOT_FOUND`
   */
  acquireLease(
    runId: string,
    holder: string,
    ttlMs: number,
    now: Date,
  ): Promise<Lease | undefined>;

  /**
   * Prolongs the lease, and brings back the wish to abort, if there is one.
   * @throws RunError `LEASE_LOST`
   */
  renewLease(
    lease: Lease,
    ttlMs: number,
    now: Date,
  ): Promise<{ lease: Lease; abort?: AbortRequest }>;

  /** Gives the lease back; without effect when it is lost. */
  releaseLease(lease: Lease): Promise<void>;

  /**
   * Writes one step, all or nothing.
   * @throws RunError `LEASE_LOST`
   */
  commit(lease: Lease, change: RunChange): Promise<void>;

  /**
   * Notes the wish to abort; the driver finds it at its next renewal. The first wish stands.
   * @throws RunError `RUN_NOT_FOUND`, `RUN_OVER`
   */
  requestAbort(runId: string, request: AbortRequest): Promise<void>;

  /** Journal lines with `seq` above `after` (default 0), in order. */
  journal(runId: string, after?: number): Promise<StoredJournalEntry[]>;

  /** What the target owns; empty when nothing was ever rolled out there. */
  inventory(target: Target): Promise<InventoryEntry[]>;

  /** The last release of the target. */
  latestRelease(target: Target): Promise<Release | undefined>;

  getRelease(id: string): Promise<Release | undefined>;

  /** Releases of the target, newest first. */
  listReleases(target: Target): Promise<Release[]>;

  /** Highest revision that any run of the target had; 0 when there was none. */
  lastRevision(target: Target): Promise<number>;
}
