import { randomUUID } from 'node:crypto';
import { Cluster } from '../cluster/cluster';
import { RolloutError, RunError } from '../errors';
import { LeaseKeeper } from './leaseKeeper';
import { rollBack } from './rollBack';
import { begin, pruneAndRelease, rollOut } from './rollOut';
import { isFinal, Run, RunEvent } from './run';
import { RunSession } from './runSession';
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
 * before it, so going back means: what the run created is deleted (namespaces and, unless the policy allows it,
 * kinds that hold data stay), and objects that were there before are given back by releasing our fields.
 *
 * @returns the run in its final state
 * @throws RunError `RUN_NOT_FOUND`, `LEASE_HELD` (somebody else drives it), `LEASE_LOST` (somebody else took over)
 * @throws RolloutError `ABORTED` when `signal` fired
 *
 * @public
 */
export async function driveRun(
  runId: string,
  options: DriveRunOptions,
): Promise<Run> {
  const {
    store,
    cluster,
    holder = randomUUID(),
    leaseMs = 15_000,
    signal,
  } = options;
  if (signal?.aborted)
    throw new RolloutError('ABORTED', 'aborted before the run was taken up');
  const before = await store.getRun(runId);
  if (!before) throw new RunError('RUN_NOT_FOUND', `there is no run ${runId}`);
  if (isFinal(before.state)) return before;

  const lease = await store.acquireLease(runId, holder, leaseMs, new Date());
  if (!lease)
    throw new RunError('LEASE_HELD', `somebody else drives run ${runId}`);
  const keeper = new LeaseKeeper(store, lease, leaseMs);
  let session: RunSession | undefined;
  try {
    // Read again under the lease: it may have moved between the look and the grip.
    const [run, plan] = await Promise.all([
      store.getRun(runId),
      store.getPlan(runId),
    ]);
    if (!run || !plan)
      throw new RunError('RUN_NOT_FOUND', `run ${runId} has lost its plan`);
    keeper.noteAbort(run.abort);
    session = new RunSession({
      run,
      plan,
      cluster,
      store,
      keeper,
      signal,
      onEvent: options.onEvent,
    });
    return await drive(session);
  } catch (error) {
    if (keeper.lost.aborted && !signal?.aborted) {
      throw new RunError('LEASE_LOST', `the lease on run ${runId} was lost`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    await session?.close();
    await keeper.close();
  }
}

async function drive(session: RunSession): Promise<Run> {
  const isForward = () =>
    session.run.state === 'pending' || session.run.state === 'applying';
  if (isForward()) {
    const observer = session.observer('rollout');
    try {
      if (session.run.state === 'pending') await begin(session, observer);
      if (session.run.state === 'applying') await rollOut(session, observer);
    } finally {
      observer.close();
    }
  }
  if (session.run.state === 'pruning') await pruneAndRelease(session);
  if (session.run.state === 'rolling-back') await rollBack(session);
  return session.run;
}
