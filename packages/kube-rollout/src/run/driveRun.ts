import { Cluster } from '../cluster/cluster';
import { Run, RunEvent } from './run';
import { RunStore } from './runStore';

/**
 * How to drive a run.
 *
 * @public
 */
export interface DriveRunOptions {
  store: RunStore;
  cluster: Cluster;
  /** Who drives: unique per process. Default a random UUID. */
  holder?: string;
  /**
   * Lets go of the run without ending it: the lease is given back and the run stays active, to be driven on later.
   * To stop the rollout itself, see {@link RunStore.requestAbort}.
   */
  signal?: AbortSignal;
  /** Told of everything as it happens; must not throw. */
  onEvent?: (event: RunEvent) => void;
  /** Life of the lease in milliseconds, renewed at a third. Default 15 000. */
  leaseMs?: number;
}

/**
 * Drives a run to its end, from wherever it stands: a new one from the beginning, an interrupted one (process
 * killed, replica gone) from its journal and from what the cluster shows.
 *
 * On a failure verdict it goes back to the previous release: that set is applied whole with the same field manager,
 * what the failed run added is pruned, and the result is judged like any rollout. The first release has nothing
 * before it, so going back means: what the run created is deleted, and objects that were there before
 * are given back by releasing our fields.
 *
 * @returns the run in its final state
 * @throws RunError `RUN_NOT_FOUND`, `LEASE_HELD` (somebody else drives it), `LEASE_LOST` (somebody else took over)
 * @throws RolloutError `ABORTED` when `signal` fired
 * @throws ClusterError when the cluster cannot be reached for longer than the deadline allows
 *
 * @public
 */
export async function driveRun(
  _runId: string,
  _options: DriveRunOptions,
): Promise<Run> {
  throw new Error('under construction');
}
