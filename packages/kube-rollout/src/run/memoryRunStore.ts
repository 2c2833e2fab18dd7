import { RunError } from '../errors';
import { Plan, Target } from '../plan/plan';
import { isFinal, Run } from './run';
import {
  InventoryEntry,
  Lease,
  Release,
  RunStore,
  StoredJournalEntry,
} from './runStore';

/** Everything a store holds, as plain JSON. */
export interface StoreContent {
  runs: {
    run: Run;
    plan: Plan;
    epoch: number;
    holder?: string;
    leaseExpiresAt?: string;
  }[];
  journal: (StoredJournalEntry & { runId: string })[];
  inventories: { target: Target; entries: InventoryEntry[] }[];
  releases: Release[];
}

/** A store with nothing in it. */
export function emptyContent(): StoreContent {
  return { runs: [], journal: [], inventories: [], releases: [] };
}

/**
 * A store over content in memory. `persist` is called with the changed content before a write counts as done; when it
 * throws, the write has not happened.
 */
export function contentRunStore(
  initial: StoreContent,
  persist: (content: StoreContent) => Promise<void>,
): RunStore {
  let content = initial;
  let writing: Promise<unknown> = Promise.resolve();

  /** One write at a time, on a copy of all that it may replace, which takes the content's place once it is persisted. */
  function write<T>(change: (draft: StoreContent) => T): Promise<T> {
    const result = writing.then(async () => {
      const draft: StoreContent = {
        runs: content.runs.map(entry => ({ ...entry })),
        journal: [...content.journal],
        inventories: [...content.inventories],
        releases: [...content.releases],
      };
      const answer = change(draft);
      await persist(draft);
      content = draft;
      return answer;
    });
    writing = result.catch(() => {});
    return result;
  }

  const entryOf = (from: StoreContent, id: string) => {
    const entry = from.runs.find(({ run }) => run.id === id);
    if (!entry) throw new RunError('RUN_NOT_FOUND', `there is no run ${id}`);
    return entry;
  };
  const fenced = (from: StoreContent, lease: Lease) => {
    const entry = entryOf(from, lease.runId);
    if (entry.epoch !== lease.epoch || entry.holder !== lease.holder) {
      throw new RunError(
        'LEASE_LOST',
        `somebody else drives run ${lease.runId} now`,
      );
    }
    return entry;
  };

  return {
    createRun: (run, plan) =>
      write(draft => {
        const other = draft.runs.find(
          each =>
            sameTarget(each.run.target, run.target) && !isFinal(each.run.state),
        );
        if (other) {
          throw new RunError(
            'RUN_ACTIVE',
            `run ${other.run.id} of ${run.target.name} is not over`,
          );
        }
        draft.runs.push(structuredClone({ run, plan, epoch: 0 }));
      }),
    getRun: async id =>
      structuredClone(content.runs.find(({ run }) => run.id === id)?.run),
    getPlan: async id =>
      structuredClone(content.runs.find(({ run }) => run.id === id)?.plan),
    listAbandoned: async now =>
      content.runs
        .filter(
          ({ run, leaseExpiresAt }) =>
            !isFinal(run.state) && !isHeld(leaseExpiresAt, now),
        )
        .map(({ run }) => run.id),
    acquireLease: (runId, holder, ttlMs, now) =>
      write(draft => {
        const entry = entryOf(draft, runId);
        if (isHeld(entry.leaseExpiresAt, now) && entry.holder !== holder)
          return undefined;
        entry.epoch += 1;
        entry.holder = holder;
        entry.leaseExpiresAt = later(now, ttlMs);
        return {
          runId,
          holder,
          epoch: entry.epoch,
          expiresAt: entry.leaseExpiresAt,
        };
      }),
    renewLease: (lease, ttlMs, now) =>
      write(draft => {
        const entry = fenced(draft, lease);
        entry.leaseExpiresAt = later(now, ttlMs);
        return {
          lease: { ...lease, expiresAt: entry.leaseExpiresAt },
          ...(entry.run.abort ? { abort: { ...entry.run.abort } } : {}),
        };
      }),
    releaseLease: lease =>
      write(draft => {
        const entry = draft.runs.find(({ run }) => run.id === lease.runId);
        if (entry?.epoch !== lease.epoch || entry.holder !== lease.holder)
          return;
        entry.holder = undefined;
        entry.leaseExpiresAt = undefined;
      }),
    commit: (lease, change) =>
      write(draft => {
        const entry = fenced(draft, lease);
        const { target } = entry.run;
        entry.run = { ...entry.run, ...structuredClone(change.run) };
        for (const line of change.journal ?? []) {
          const seq =
            draft.journal.filter(({ runId }) => runId === lease.runId).length +
            1;
          draft.journal.push({
            ...line,
            seq,
            epoch: lease.epoch,
            runId: lease.runId,
          });
        }
        if (change.inventory) {
          draft.inventories = draft.inventories.filter(
            each => !sameTarget(each.target, target),
          );
          draft.inventories.push({
            target,
            entries: structuredClone(change.inventory),
          });
        }
        if (change.release)
          draft.releases.push(structuredClone(change.release));
      }),
    requestAbort: (runId, request) =>
      write(draft => {
        const entry = entryOf(draft, runId);
        if (isFinal(entry.run.state)) {
          throw new RunError(
            'RUN_OVER',
            `run ${runId} is over: ${entry.run.state}`,
          );
        }
        entry.run = { ...entry.run, abort: entry.run.abort ?? request };
      }),
    journal: async (runId, after = 0) =>
      content.journal
        .filter(line => line.runId === runId && line.seq > after)
        .map(({ runId: _, ...line }) => line),
    inventory: async target =>
      structuredClone(
        content.inventories.find(each => sameTarget(each.target, target))
          ?.entries ?? [],
      ),
    latestRelease: async target =>
      structuredClone(releasesOf(content, target)[0]),
    getRelease: async id =>
      structuredClone(content.releases.find(release => release.id === id)),
    listReleases: async target => structuredClone(releasesOf(content, target)),
    lastRevision: async target =>
      Math.max(
        0,
        ...content.runs
          .filter(({ run }) => sameTarget(run.target, target))
          .map(({ run }) => run.revision),
      ),
  };
}

/**
 * A store that forgets: the reference for what a {@link RunStore} does, and good for tests.
 *
 * @public
 */
export function memoryRunStore(): RunStore {
  return contentRunStore(emptyContent(), async () => {});
}

function sameTarget(a: Target, b: Target): boolean {
  return (
    a.cluster === b.cluster && a.namespace === b.namespace && a.name === b.name
  );
}

function releasesOf(content: StoreContent, target: Target): Release[] {
  return content.releases
    .filter(release => sameTarget(release.target, target))
    .sort((a, b) => b.revision - a.revision);
}

function isHeld(expiresAt: string | undefined, now: Date): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) > now.getTime();
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
