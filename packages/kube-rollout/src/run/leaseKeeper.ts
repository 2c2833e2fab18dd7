import { RunError } from '../errors';
import { AbortRequest } from './run';
import { Lease, RunStore } from './runStore';

/**
 * Keeps a lease alive while a run is driven. A holder that could not renew in time must assume that somebody else
 * drives now, and stops before its next request to the cluster.
 */
export class LeaseKeeper {
  readonly #store: RunStore;
  readonly #ttlMs: number;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  #lease: Lease;
  #abort?: AbortRequest;
  #timer?: NodeJS.Timeout;

  constructor(store: RunStore, lease: Lease, ttlMs: number) {
    this.#store = store;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.#schedule();
  }

  get lease(): Lease {
    return this.#lease;
  }

  /** Fires when the lease is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Fires when somebody wishes that the run stop. */
  get stopRequested(): AbortSignal {
    return this.#stop.signal;
  }

  get abort(): AbortRequest | undefined {
    return this.#abort;
  }

  /** @throws RunError `LEASE_LOST` */
  check(): void {
    if (
      this.#lost.signal.aborted ||
      Date.now() >= Date.parse(this.#lease.expiresAt)
    ) {
      this.#lost.abort();
      throw new RunError(
        'LEASE_LOST',
        `the lease on run ${this.#lease.runId} was lost`,
      );
    }
  }

  noteAbort(abort: AbortRequest | undefined): void {
    if (!abort || this.#abort) return;
    this.#abort = abort;
    this.#stop.abort();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // The lease runs out by itself if the store cannot be reached now.
    await this.#store.releaseLease(this.#lease).catch(() => {});
  }

  #schedule(): void {
    this.#timer = setTimeout(async () => {
      try {
        const { lease, abort } = await this.#store.renewLease(
          this.#lease,
          this.#ttlMs,
          new Date(),
        );
        this.#lease = lease;
        this.noteAbort(abort);
      } catch (error) {
        const gone =
          error instanceof RunError && error.code !== 'STORE_UNREADABLE';
        if (gone || Date.now() >= Date.parse(this.#lease.expiresAt)) {
          this.#lost.abort();
          return;
        }
      }
      if (this.#timer) this.#schedule();
    }, this.#ttlMs / 3);
    this.#timer.unref?.();
  }
}
