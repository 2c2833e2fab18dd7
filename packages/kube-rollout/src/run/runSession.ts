import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../cluster/cluster';
import { withRetry } from '../cluster/retry';
import { ClusterError, RolloutError, RunError } from '../errors';
import { Plan } from '../plan/plan';
import { Dependents } from '../verdict/newPods';
import { Observer } from '../verdict/observer';
import { KubeObject } from '../object';
import { LeaseKeeper } from './leaseKeeper';
import { Evidence, ObjectProgress, Run, RunEvent, RunState } from './run';
import { JournalEntry, RunChange, RunStore } from './runStore';

const SAVE_PROGRESS_MS = 1_000;

/** Which way a run is going. */
export type Phase = 'rollout' | 'rollback';

/**
 * What all steps of driving one run share: the run as it stands, its journal, its events, its lease. Every write goes
 * through here, fenced and one after the other.
 */
export class RunSession {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly store: RunStore;
  readonly keeper: LeaseKeeper;
  /** Fires when this driver must let go. */
  readonly signal: AbortSignal;
  /** True when somebody has driven this run before. */
  readonly resumed: boolean;
  run: Run;
  readonly #onEvent: (event: RunEvent) => void;
  #writes: Promise<void> = Promise.resolve();
  #saveTimer?: NodeJS.Timeout;
  #phase: Phase = 'rollout';
  #inSight = true;

  constructor(options: {
    run: Run;
    plan: Plan;
    cluster: Cluster;
    store: RunStore;
    keeper: LeaseKeeper;
    signal?: AbortSignal;
    onEvent?: (event: RunEvent) => void;
  }) {
    this.run = options.run;
    this.plan = options.plan;
    this.cluster = options.cluster;
    this.store = options.store;
    this.keeper = options.keeper;
    this.resumed = options.run.state !== 'pending';
    this.signal = options.signal
      ? AbortSignal.any([options.signal, options.keeper.lost])
      : options.keeper.lost;
    this.#onEvent = options.onEvent ?? (() => {});
  }

  /** Writes one step; what it changes of the run holds as soon as it is stored. */
  async commit(change: RunChange): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    await this.#write(change);
    const before = this.run.state;
    this.run = { ...this.run, ...change.run };
    if (this.run.state !== before) {
      this.emit({
        type: 'state',
        state: this.run.state,
        ...(this.run.message ? { message: this.run.message } : {}),
      });
    }
  }

  /** Moves to another state, with what belongs to it. */
  async enter(state: RunState, change: RunChange = {}): Promise<void> {
    await this.commit({ ...change, run: { ...change.run, state } });
  }

  journal(
    step: string,
    phase: JournalEntry['phase'],
    message: string,
  ): JournalEntry[] {
    return [{ step, phase, at: new Date().toISOString(), message }];
  }

  emit(event: DistributiveOmit<RunEvent, 'runId' | 'at'>): void {
    this.#onEvent({
      ...event,
      runId: this.run.id,
      at: new Date().toISOString(),
    } as RunEvent);
  }

  /** Objects of the way the run is going now. */
  progressOf(phase: Phase): ObjectProgress[] {
    return phase === 'rollout' ? this.run.objects : this.run.rollback;
  }

  /** Tells of an object's progress now, and stores it soon. */
  report(progress: ObjectProgress): void {
    this.emit({
      type: 'object',
      phase: this.#phase,
      object: structuredClone(progress),
    });
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = undefined;
      // Only a convenience for those who look: the next step writes the same again.
      this.#write({ run: this.#progressFields() }).catch(() => {});
    }, SAVE_PROGRESS_MS);
  }

  reportEvidence(evidence: Evidence[]): void {
    for (const each of evidence)
      this.emit({ type: 'evidence', evidence: each });
  }

  /** Both lists of progress, for a commit. */
  #progressFields() {
    return { objects: this.run.objects, rollback: this.run.rollback };
  }

  /** Asks the cluster for something, patiently, and never without the lease. */
  async ask<T>(
    action: () => Promise<T>,
    untilMs: number,
    signal = this.signal,
  ): Promise<T> {
    return withRetry(
      () => {
        this.keeper.check();
        return action();
      },
      {
        signal,
        untilMs,
        onRetry: error =>
          this.emit({
            type: 'message',
            level: 'warn',
            message: `trying again: ${error.message}`,
          }),
      },
    );
  }

  observer(
    phase: Phase,
    onLook?: (object: KubeObject, dependents: Dependents) => void,
  ): Observer {
    this.#phase = phase;
    return new Observer({
      cluster: this.cluster,
      policy: this.plan.policy,
      restartBaseline: this.run.restartBaseline,
      onProgress: progress => this.report(progress),
      onSight: (live, reason) => this.#onSight(live, reason),
      onLook,
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#saveTimer);
    await this.#writes.catch(() => {});
  }

  #onSight(live: boolean, reason?: ClusterError): void {
    if (reason?.code === 'GONE' || live === this.#inSight) return;
    this.#inSight = live;
    this.emit(
      live
        ? {
            type: 'message',
            level: 'info',
            message: `sight of ${this.cluster.name} is back`,
          }
        : {
            type: 'message',
            level: 'warn',
            message: `no sight of ${this.cluster.name}: ${
              reason?.message ?? 'the connection is gone'
            }`,
          },
    );
  }

  #write(change: RunChange): Promise<void> {
    const write = this.#writes.then(async () => {
      for (let attempt = 0; ; attempt++) {
        this.keeper.check();
        try {
          await this.store.commit(this.keeper.lease, change);
          return;
        } catch (error) {
          if (error instanceof RolloutError) throw error;
          // A database that is away for a moment; the lease bounds how long a moment is.
          await sleep(Math.min(100 * 2 ** attempt, 2_000), undefined, {
            signal: this.signal,
          }).catch(() => {
            throw new RunError(
              'LEASE_LOST',
              `run ${this.run.id} could not be written: ${
                (error as Error).message
              }`,
              {
                cause: error,
              },
            );
          });
        }
      }
    });
    this.#writes = write.catch(() => {});
    return write;
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown
  ? Omit<T, K>
  : never;
