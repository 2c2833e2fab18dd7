import { ClusterError } from '../errors';
import { KubeObject } from '../object';
import { ownerOf } from '../plan/ownership';
import { FIELD_MANAGER } from '../version';
import { ObjectProgress } from './run';
import { RunSession } from './runSession';

const PATIENCE_MS = 60_000;

/**
 * Deletes objects that a target owns and no longer wants, level by level. Each is looked at first: without our label
 * or with another UID it stays. One that cannot be deleted stays too, with the reason, and stays in the inventory.
 */
export async function prune(
  session: RunSession,
  items: ObjectProgress[],
): Promise<void> {
  const levels = [...new Set(items.map(({ level }) => level))].sort(
    (a, b) => a - b,
  );
  for (const level of levels) {
    await Promise.all(
      items
        .filter(item => item.level === level && item.state === 'waiting')
        .map(item => pruneOne(session, item)),
    );
  }
}

async function pruneOne(
  session: RunSession,
  progress: ObjectProgress,
): Promise<void> {
  const { cluster, plan } = session;
  const { ref } = progress;
  const settle = (
    state: 'pruned' | 'kept',
    message: string,
    warning?: string,
  ) => {
    progress.state = state;
    progress.message = message;
    progress.warning = warning;
    session.report(progress);
  };
  const untilMs = Date.now() + PATIENCE_MS;
  try {
    const live = await session.ask(
      () => cluster.get(ref, session.signal),
      untilMs,
    );
    // Sent, but the answer was lost with the process that sent it: ours if it bears our label and our field manager.
    const uid =
      progress.uid ??
      (live && isUnconfirmed(live, plan.target.name)
        ? live.metadata.uid
        : undefined);
    if (!live || live.metadata.uid !== uid) {
      settle('pruned', 'was gone already');
    } else if (ownerOf(live) !== plan.target.name) {
      settle('kept', 'stays', 'our label is not on it any more');
    } else if (uid) {
      await session.ask(
        () => cluster.delete(ref, uid, session.signal),
        untilMs,
      );
      settle('pruned', 'deleted');
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    settle('kept', 'could not be deleted', error.message);
  }
}

function isUnconfirmed(live: KubeObject, name: string): boolean {
  const appliedByUs = live.metadata.managedFields?.some(
    ({ manager, operation }) =>
      manager === FIELD_MANAGER && operation === 'Apply',
  );
  return ownerOf(live) === name && appliedByUs === true;
}
