import { formatRef, KubeObject, ObjectRef, refKey, refOf } from '../object';
import { kindLevel } from '../plan/levels';
import { protection } from '../plan/ownership';
import { isAcceptedOnApply } from '../readiness/assess';
import { roll, takeUp } from '../strategies/rolling';
import { StatefulSetUnblocker } from '../verdict/statefulSetUnblocker';
import { withProgress, without } from './inventory';
import { prune } from './prune';
import { Evidence, ObjectProgress, Run } from './run';
import { RunSession } from './runSession';
import { InventoryEntry, Release } from './runStore';

/**
 * `rolling-back` → `rolled-back`, or `needs-attention` when the way back fails too; there is no second try.
 *
 * The previous release is applied whole; what this run created beyond it is deleted; objects that were there before
 * the run and belong to no release are given back by applying nothing to them, which releases our fields.
 */
export async function rollBack(session: RunSession): Promise<void> {
  const { run, store } = session;
  const release = run.previousReleaseId
    ? await store.getRelease(run.previousReleaseId)
    : undefined;
  if (run.previousReleaseId && !release) {
    await needAttention(session, [
      {
        class: 'refused',
        object: run.objects[0].ref,
        reason: 'RELEASE_NOT_FOUND',
        message: `the release ${run.previousReleaseId} to go back to is not in the store`,
        at: new Date().toISOString(),
      },
    ]);
    return;
  }
  const inventory = await store.inventory(run.target);
  const back = wayBack(session, release, inventory);
  if (!run.rollback.length) {
    await session.commit({
      run: { rollback: back.map(({ progress }) => progress) },
      journal: session.journal(
        'rollback',
        'intent',
        release
          ? `back to release ${release.revision}`
          : 'there is no release before this: back to nothing',
      ),
    });
  } else {
    // Interrupted on the way: where each object stands was stored.
    const known = new Map(
      run.rollback
        .map(takeUp)
        .map(progress => [refKey(progress.ref), progress]),
    );
    for (const item of back)
      Object.assign(item.progress, known.get(refKey(item.progress.ref)));
    session.run = {
      ...session.run,
      rollback: back.map(({ progress }) => progress),
    };
  }
  const progress = session.run.rollback;

  const unblocker = new StatefulSetUnblocker(
    session,
    failedRevisions(session.run),
  );
  const observer = session.observer('rollback', (object, dependents) =>
    unblocker.look(object, dependents),
  );
  try {
    const restored = back.filter(
      (item): item is { progress: ObjectProgress; manifest: KubeObject } =>
        !!item.manifest && item.progress.action === 'update',
    );
    await observer.watch(
      restored
        .map(({ progress: { ref } }) => ref)
        .filter(ref => !isAcceptedOnApply(ref)),
      session.signal,
    );
    const onApplied = async () =>
      session.commit({ run: { rollback: progress } });
    // All levels go without waiting for each other: this very set has stood before. Only what it needs to exist is awaited.
    const levels = [
      ...new Set(restored.map(({ progress: { level } }) => level)),
    ].sort((a, b) => a - b);
    const verdicts: Promise<Evidence[]>[] = [];
    for (const level of levels) {
      const items = restored.filter(item => item.progress.level === level);
      let applied!: () => void;
      const allApplied = new Promise<void>(resolve => {
        applied = resolve;
      });
      const verdict = roll({
        session,
        observer,
        items,
        signal: session.signal,
        onApplied: async () => {
          await onApplied();
          applied();
        },
      });
      verdict.catch(() => {});
      verdicts.push(verdict);
      const early = await Promise.race([
        items.some(({ progress: { ref } }) => isFoundation(ref))
          ? verdict
          : allApplied.then(() => []),
        // A refusal, or an interruption, ends the waiting as well.
        verdict,
      ]);
      if (early.length) {
        await needAttention(session, early);
        return;
      }
    }
    const removed = progress.filter(({ action }) => action === 'prune');
    await prune(session, removed);
    const evidence = (await Promise.all(verdicts)).flat();
    const undeleted = removed.filter(({ state }) => state === 'kept');
    if (evidence.length) {
      await needAttention(session, evidence);
      return;
    }
    const kept = progress.filter(
      ({ state, action }) => state === 'kept' && action !== 'keep',
    );
    const at = new Date().toISOString();
    await session.enter('rolled-back', {
      run: {
        rollback: progress,
        finishedAt: at,
        message: [
          session.run.message,
          release
            ? `release ${release.revision} is back`
            : 'what the run created is gone',
          ...undeleted.map(
            ({ ref, warning }) => `${formatRef(ref)} stays: ${warning}`,
          ),
        ]
          .filter(Boolean)
          .join('; '),
      },
      inventory: inventoryAfter(
        await store.inventory(run.target),
        progress,
        release,
        kept,
      ),
      journal: session.journal(
        'rollback',
        'done',
        release ? `release ${release.revision} is back` : 'back to nothing',
      ),
    });
  } finally {
    observer.close();
    await unblocker.settled();
  }
}

interface BackItem {
  progress: ObjectProgress;
  manifest?: KubeObject;
}

/** What going back takes, object by object. */
function wayBack(
  session: RunSession,
  release: Release | undefined,
  inventory: InventoryEntry[],
): BackItem[] {
  const { run, plan } = session;
  const objects = release?.objects ?? [];
  const wanted = new Set(objects.map(object => refKey(refOf(object))));
  const restore = objects.map((manifest): BackItem => {
    const ref = refOf(manifest);
    return {
      manifest,
      progress: {
        ref,
        level: kindLevel(ref),
        action: 'update',
        state: 'waiting',
      },
    };
  });
  const entries = new Map(inventory.map(entry => [refKey(entry.ref), entry]));
  const highest = 100;
  const rest = run.objects
    .filter(
      ({ ref, action }) =>
        (action === 'create' ||
          action === 'update' ||
          action === 'unchanged') &&
        !wanted.has(refKey(ref)),
    )
    .map(({ ref, uid, created, action }): BackItem => {
      const level = highest - kindLevel(ref);
      const ours =
        created ?? entries.get(refKey(ref))?.created ?? action === 'create';
      const base = plan.objects.find(
        object => refKey(object.ref) === refKey(ref),
      )?.base;
      if (base || !ours) {
        // It was there before this run: release what we set, leave the rest.
        const { apiVersion, kind, name, namespace } = ref;
        return {
          manifest: {
            apiVersion,
            kind,
            metadata: { name, ...(namespace ? { namespace } : {}) },
          },
          progress: {
            ref,
            level: kindLevel(ref),
            action: 'update',
            state: uid ? 'waiting' : 'kept',
            message: 'given back',
          },
        };
      }
      const reason = protection(ref, plan.policy.pruneProtected);
      if (reason)
        return {
          progress: {
            ref,
            level,
            action: 'keep',
            state: 'kept',
            warning: reason,
          },
        };
      return {
        progress: {
          ref,
          level,
          action: 'prune',
          state: 'waiting',
          ...(uid ? { uid } : {}),
        },
      };
    });
  return [...restore, ...rest];
}

function inventoryAfter(
  inventory: InventoryEntry[],
  progress: ObjectProgress[],
  release: Release | undefined,
  kept: ObjectProgress[],
): InventoryEntry[] {
  const restored = new Set(
    (release?.objects ?? []).map(object => refKey(refOf(object))),
  );
  const applied = progress.filter(({ ref }) => restored.has(refKey(ref)));
  const stays = new Set(
    [...kept, ...progress.filter(({ action }) => action === 'keep')].map(
      ({ ref }) => refKey(ref),
    ),
  );
  const gone = progress.filter(
    ({ ref }) => !restored.has(refKey(ref)) && !stays.has(refKey(ref)),
  );
  return without(
    withProgress(inventory, applied, release?.revision ?? 0),
    gone,
  );
}

/** Kinds without which nothing after them can even be sent. */
function isFoundation(ref: ObjectRef): boolean {
  return ref.kind === 'Namespace' || ref.kind === 'CustomResourceDefinition';
}

function failedRevisions(run: Run): Map<string, string> {
  return new Map(
    run.objects.flatMap(({ ref, revisionHash }) =>
      revisionHash ? [[refKey(ref), revisionHash] as const] : [],
    ),
  );
}

async function needAttention(
  session: RunSession,
  evidence: Evidence[],
): Promise<void> {
  session.reportEvidence(evidence);
  const [{ object, reason, message }] = evidence;
  const text = `the way back failed: ${formatRef(
    object,
  )}: ${reason}: ${message}`;
  await session.enter('needs-attention', {
    run: {
      rollback: session.run.rollback,
      evidence: [...session.run.evidence, ...evidence],
      message: [session.run.message, text].filter(Boolean).join('; '),
      finishedAt: new Date().toISOString(),
    },
    journal: session.journal('rollback', 'failed', text),
  });
}
