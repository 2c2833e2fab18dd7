import {
  driveRun,
  isFinal,
  RolloutError,
  type Run,
} from '@agentyard/kube-rollout';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ClusterDirectory } from '../clusters/ClusterDirectory';
import type { DatabaseRunStore } from '../database/DatabaseRunStore';
import type { RunEventStore } from '../database/RunEventStore';
import { RunFeed } from './RunFeed';

/** How a {@link RunWorker} works. */
export interface RunWorkerOptions {
  runs: DatabaseRunStore;
  events: RunEventStore;
  clusters: ClusterDirectory;
  logger: LoggerService;
  /** Name of this process in leases; no two may share it. */
  holder: string;
  /** Most runs driven at once; the others wait their turn. */
  maxConcurrent: number;
  /** Says that a run has changed. */
  publish: (runId: string) => Promise<void>;
  /** Called once per run and process when a run that was driven here ends. */
  onFinished: (run: Run) => Promise<void>;
  /** How often runs without a driver are looked for, in milliseconds. Default 1 000. */
  pollMs?: number;
  /** Life of a lease in milliseconds. Default 15 000. */
  leaseMs?: number;
}

const MAX_BACKOFF_MS = 60_000;
const STOP_MS = 10_000;

/**
 * Drives runs that nobody drives: new ones, and those whose driver is gone. Any number of replicas may have one each,
 * since the lease in the database decides who drives. Takes up work by itself every second, and at once when woken.
 */
export class RunWorker {
  readonly #options: RunWorkerOptions;
  readonly #stop = new AbortController();
  readonly #driving = new Map<string, Promise<void>>();
  readonly #backoff = new Map<string, { until: number; failures: number }>();
  #timer?: NodeJS.Timeout;
  #looking?: Promise<void>;
  #again = false;

  constructor(options: RunWorkerOptions) {
    this.#options = options;
  }

  /** Number of runs being driven. */
  get driving(): number {
    return this.#driving.size;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.#options.pollMs ?? 1_000);
    this.wake();
  }

  /** Looks for work now. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** Lets go of all runs, so that another replica can take them at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#looking;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.allSettled(this.#driving.values()),
      new Promise<void>(resolve => {
        timer = setTimeout(resolve, STOP_MS);
      }),
    ]);
    clearTimeout(timer);
  }

  async #look(): Promise<void> {
    const { runs, maxConcurrent, logger } = this.#options;
    if (this.#driving.size >= maxConcurrent) return;
    let ids: string[];
    try {
      ids = await runs.listAbandoned(new Date());
    } catch (error) {
      logger.warn('Cannot look for runs to drive', error as Error);
      return;
    }
    for (const id of ids) {
      if (this.#stop.signal.aborted || this.#driving.size >= maxConcurrent) {
        return;
      }
      if (this.#driving.has(id)) continue;
      if ((this.#backoff.get(id)?.until ?? 0) > Date.now()) continue;
      this.#driving.set(
        id,
        this.#drive(id).finally(() => {
          this.#driving.delete(id);
          this.wake();
        }),
      );
    }
  }

  async #drive(id: string): Promise<void> {
    const { runs, events, clusters, holder, leaseMs, publish } = this.#options;
    const logger = this.#options.logger.child({ runId: id });
    const feed = new RunFeed({ runId: id, holder, events, publish, logger });
    try {
      const record = await runs.getRecord(id);
      if (!record) return;
      const run = await driveRun(id, {
        store: runs,
        cluster: await clusters.connect(record.target.cluster),
        holder,
        leaseMs,
        signal: this.#stop.signal,
        onEvent: feed.receive,
      });
      this.#backoff.delete(id);
      await feed.close();
      if (isFinal(run.state)) await this.#options.onFinished(run);
    } catch (error) {
      this.#failed(id, error as Error, logger);
    } finally {
      await feed.close();
    }
  }

  #failed(id: string, error: Error, logger: LoggerService): void {
    const code = error instanceof RolloutError ? error.code : undefined;
    // Somebody else drives it, or this process is about to end: both are as they should be.
    if (code === 'LEASE_HELD' || code === 'ABORTED') return;
    const failures = (this.#backoff.get(id)?.failures ?? 0) + 1;
    const waitMs = Math.min(1_000 * 2 ** (failures - 1), MAX_BACKOFF_MS);
    this.#backoff.set(id, { until: Date.now() + waitMs, failures });
    logger.warn(
      `Cannot drive run ${id}; next try in ${waitMs / 1000} s`,
      error,
    );
    if (failures > 1 || code === 'LEASE_LOST') return;
    this.#options.events
      .append(id, [
        {
          at: new Date().toISOString(),
          level: 'warn',
          message: `cannot go on for now: ${error.message}`,
        },
      ])
      .catch(() => {});
  }
}
