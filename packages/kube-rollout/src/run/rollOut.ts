import { randomUUID } from 'node:crypto';
import { ClusterError, RolloutError } from '../errors';
import { formatRef, refKey } from '../object';
import { baseOf } from '../plan/compare';
import { LiveState, readLiveState, ServedRef } from '../plan/liveState';
import { ObjectPlan } from '../plan/plan';
import { isAcceptedOnApply } from '../readiness/assess';
import { roll, takeUp } from '../strategies/rolling';
import { Observer } from '../verdict/observer';
import { withProgress, without } from './inventory';
import { prune } from './prune';
import { Evidence, Run } from './run';
import { RunSession } from './runSession';
import { InventoryEntry } from './runStore';

const BEGIN_PATIENCE_MS = 15_000;

/**
 * `pending` → `applying`, or → `failed` with nothing done: the plan must still hold, and its base must not have moved.
 */
export async function begin(
  session: RunSession,
  observer: Observer,
): Promise<void> {
  const { plan, run, store } = session;
  if (Date.now() >= Date.parse(plan.expiresAt)) {
    await failUntouched(session, [
      {
        reason: 'PLAN_EXPIRED',
        message: `the plan expired at ${plan.expiresAt}; plan anew`,
        object: plan.objects[0].ref,
      },
    ]);
    return;
  }
  let live: LiveState;
  try {
    [live] = await session.ask(async () => {
      const served = await serve(session);
      return Promise.all([
        readLiveState(session.cluster, served, session.signal),
        openWatches(session, observer),
      ]);
    }, Date.now() + BEGIN_PATIENCE_MS);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    await failUntouched(session, [
      {
        reason: error.code,
        message: error.message,
        object: plan.objects[0].ref,
      },
    ]);
    return;
  }
  const moved = plan.objects.filter(object => hasMoved(object, live));
  if (moved.length) {
    await failUntouched(
      session,
      moved.map(({ ref }) => ({
        object: ref,
        reason: 'BASE_MOVED',
        message: `${formatRef(
          ref,
        )} has changed since the plan was made; plan anew`,
      })),
    );
    return;
  }
  const objects = run.objects.map(progress => {
    const base = plan.objects.find(
      ({ ref }) => refKey(ref) === refKey(progress.ref),
    )?.base;
    return base ? { ...progress, uid: base.uid } : progress;
  });
  await session.enter('applying', {
    run: {
      startedAt: new Date().toISOString(),
      objects,
      restartBaseline: observer.restartCounts(objects.map(({ ref }) => ref)),
    },
    inventory: withProgress(
      await store.inventory(run.target),
      objects,
      run.revision,
    ),
    journal: session.journal('begin', 'done', 'the base is as planned'),
  });
}

/** `applying` → `pruning`, `rolling-back`, `failed` or `aborted`. */
export async function rollOut(
  session: RunSession,
  observer: Observer,
): Promise<void> {
  const { plan, keeper } = session;
  session.run = { ...session.run, objects: session.run.objects.map(takeUp) };
  const manifests = new Map(
    plan.objects.flatMap(({ ref, manifest }) =>
      manifest ? [[refKey(ref), manifest] as const] : [],
    ),
  );
  const levels = [
    ...new Set(session.run.objects.filter(isApplied).map(({ level }) => level)),
  ].sort((a, b) => a - b);
  const signal = AbortSignal.any([session.signal, keeper.stopRequested]);
  try {
    for (const level of levels) {
      const items = session.run.objects
        .filter(progress => isApplied(progress) && progress.level === level)
        .map(progress => ({
          progress,
          manifest: manifests.get(refKey(progress.ref))!,
        }));
      if (
        items.every(
          ({ progress }) =>
            progress.state === 'ready' || progress.state === 'paused',
        )
      )
        continue;
      const step = `apply/${level}`;
      const names = items
        .map(({ progress }) => formatRef(progress.ref))
        .join(', ');
      await session.commit({ journal: session.journal(step, 'intent', names) });
      await observer.watch(
        watched(items.map(({ progress }) => progress.ref)),
        signal,
      );
      const evidence = await roll({
        session,
        observer,
        items,
        signal,
        onApplied: async () =>
          session.commit({
            run: { objects: session.run.objects },
            inventory: await inventoryNow(session),
            journal: session.journal(step, 'done', 'all taken by the server'),
          }),
      });
      if (evidence.length) {
        await turnBack(session, evidence, step);
        return;
      }
    }
  } catch (error) {
    if (
      session.signal.aborted ||
      !keeper.abort ||
      !(error instanceof RolloutError) ||
      error.code !== 'ABORTED'
    ) {
      throw error;
    }
    await stopOnRequest(session);
    return;
  }
  await session.enter('pruning', {
    run: { objects: session.run.objects },
    journal: session.journal('judge', 'done', 'every object is ready'),
  });
}

/** `pruning` → `succeeded`, with the release on record. */
export async function pruneAndRelease(session: RunSession): Promise<void> {
  const { plan, run, store } = session;
  const items = run.objects.filter(({ action }) => action === 'prune');
  if (items.length) {
    await session.commit({
      journal: session.journal(
        'prune',
        'intent',
        items.map(({ ref }) => formatRef(ref)).join(', '),
      ),
    });
    await prune(session, items);
  }
  const applied = new Set(
    run.objects.filter(isApplied).map(({ ref }) => refKey(ref)),
  );
  const stays = new Set(
    run.objects
      .filter(({ state }) => state === 'kept')
      .map(({ ref }) => refKey(ref)),
  );
  const inventory = withProgress(
    await store.inventory(run.target),
    run.objects,
    run.revision,
  ).filter(({ ref }) => applied.has(refKey(ref)) || stays.has(refKey(ref)));
  const at = new Date().toISOString();
  await session.enter('succeeded', {
    run: {
      objects: run.objects,
      finishedAt: at,
      message: 'every object is ready',
    },
    inventory: without(
      inventory,
      run.objects.filter(({ state }) => state === 'pruned'),
    ),
    release: {
      id: randomUUID(),
      target: run.target,
      revision: run.revision,
      runId: run.id,
      planDigest: run.planDigest,
      createdAt: at,
      objects: plan.objects.flatMap(({ manifest }) =>
        manifest ? [manifest] : [],
      ),
    },
    journal: session.journal('release', 'done', `release ${run.revision}`),
  });
}

/** The inventory with all UIDs that are known by now. */
async function inventoryNow({
  run,
  store,
}: RunSession): Promise<InventoryEntry[]> {
  return withProgress(
    await store.inventory(run.target),
    run.objects,
    run.revision,
  );
}

async function turnBack(
  session: RunSession,
  evidence: Evidence[],
  step: string,
): Promise<void> {
  const { plan, run } = session;
  session.reportEvidence(evidence);
  const [{ object, pod, container, reason, message }] = evidence;
  const where = [
    formatRef(object),
    pod && `pod ${pod}`,
    container && `container ${container}`,
  ]
    .filter(Boolean)
    .join(', ');
  const change = {
    objects: run.objects,
    evidence,
    message: `${where}: ${reason}: ${message}`,
  };
  const journal = session.journal(step, 'failed', change.message);
  const inventory = await inventoryNow(session);
  if (plan.policy.rollback === 'never') {
    await session.enter('failed', {
      run: { ...change, finishedAt: new Date().toISOString() },
      inventory,
      journal,
    });
  } else {
    await session.enter('rolling-back', { run: change, inventory, journal });
  }
}

async function stopOnRequest(session: RunSession): Promise<void> {
  const { by, at, then } = session.keeper.abort!;
  const { run } = session;
  const evidence: Evidence[] = [
    {
      class: 'aborted',
      object: run.objects[0].ref,
      reason: 'Aborted',
      message: `stopped by ${by}`,
      at,
    },
  ];
  const change = {
    objects: run.objects,
    evidence,
    message: `stopped by ${by}`,
  };
  const journal = session.journal('abort', 'note', `stopped by ${by}`);
  const inventory = await inventoryNow(session);
  if (then === 'rollback') {
    await session.enter('rolling-back', { run: change, inventory, journal });
  } else {
    await session.enter('aborted', {
      run: { ...change, finishedAt: new Date().toISOString() },
      inventory,
      journal,
    });
  }
}

async function failUntouched(
  session: RunSession,
  causes: Pick<Evidence, 'object' | 'reason' | 'message'>[],
): Promise<void> {
  const at = new Date().toISOString();
  const evidence = causes.map(
    (cause): Evidence => ({ ...cause, class: 'refused', at }),
  );
  session.reportEvidence(evidence);
  await session.enter('failed', {
    run: {
      evidence,
      message: `nothing was applied: ${evidence[0].message}`,
      finishedAt: at,
    },
    journal: session.journal('begin', 'failed', evidence[0].message),
  });
}

function hasMoved(
  { action, ref, base, pending }: ObjectPlan,
  live: LiveState,
): boolean {
  if (action === 'keep' || pending) return false;
  const now = live.get(ref);
  if (!base || !now) return !!base !== !!now;
  const current = baseOf(now);
  return current.uid !== base.uid || current.fingerprint !== base.fingerprint;
}

/** References whose kind the server serves already. */
async function serve({ cluster, plan }: RunSession): Promise<ServedRef[]> {
  return Promise.all(
    plan.objects
      .filter(
        ({ action, pending }) =>
          action !== 'keep' && pending !== 'CustomResourceDefinition',
      )
      .map(async ({ ref }) => ({
        ref,
        resource: await cluster.resource(ref.apiVersion, ref.kind),
      })),
  );
}

/** All watches at once, but for kinds that this plan itself brings. */
async function openWatches(
  { plan, signal }: RunSession,
  observer: Observer,
): Promise<void> {
  const refs = plan.objects.filter(
    ({ manifest, pending }) =>
      manifest && pending !== 'CustomResourceDefinition',
  );
  await observer.watch(watched(refs.map(({ ref }) => ref)), signal);
}

function watched(refs: ObjectPlan['ref'][]): ObjectPlan['ref'][] {
  return refs.filter(ref => !isAcceptedOnApply(ref));
}

function isApplied({ action }: Run['objects'][number]): boolean {
  return action === 'create' || action === 'update' || action === 'unchanged';
}
