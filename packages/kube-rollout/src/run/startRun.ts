import { randomUUID } from 'node:crypto';
import { PlanError } from '../errors';
import { planDigest } from '../plan/digest';
import { Plan } from '../plan/plan';
import { summarize } from '../plan/refusal';
import { Run } from './run';
import { RunStore } from './runStore';

/**
 * What to run.
 *
 * @public
 */
export interface StartRunOptions {
  store: RunStore;
  plan: Plan;
  /** The digest that was approved; must be the plan's own. Default: not compared. */
  digest?: string;
  requestedBy?: string;
  /** Id of the new run; default a random UUID. */
  id?: string;
  /** The clock; for tests. */
  now?: () => Date;
}

/**
 * Makes a run out of a plan and stores it as `pending`. Nothing is sent to the cluster; {@link driveRun} does that.
 *
 * @throws PlanError `PLAN_REFUSED`, `PLAN_EXPIRED`, `PLAN_CHANGED`
 * @throws RunError `RUN_ACTIVE`
 *
 * @public
 */
export async function startRun({
  store,
  plan,
  digest,
  requestedBy,
  id = randomUUID(),
  now = () => new Date(),
}: StartRunOptions): Promise<Run> {
  const at = now();
  if (
    planDigest(plan) !== plan.digest ||
    (digest !== undefined && digest !== plan.digest)
  ) {
    throw new PlanError(
      'PLAN_CHANGED',
      'the plan is not the one that was approved: its digest differs',
    );
  }
  const refused = plan.objects.filter(({ action }) => action === 'refused');
  if (refused.length) {
    const [first] = refused;
    throw new PlanError(
      'PLAN_REFUSED',
      `the plan has ${refused.length} refused object(s), first: ${summarize(
        first.ref,
        first.problems.filter(({ severity }) => severity === 'error'),
      )}`,
      refused.map(({ ref }) => ref),
    );
  }
  if (at.getTime() >= Date.parse(plan.expiresAt)) {
    throw new PlanError(
      'PLAN_EXPIRED',
      `the plan expired at ${plan.expiresAt}; plan anew`,
    );
  }
  const run: Run = {
    id,
    target: plan.target,
    planId: plan.id,
    planDigest: plan.digest,
    state: 'pending',
    revision: (await store.lastRevision(plan.target)) + 1,
    ...(plan.previousRelease
      ? { previousReleaseId: plan.previousRelease.id }
      : {}),
    ...(requestedBy ? { requestedBy } : {}),
    createdAt: at.toISOString(),
    objects: plan.objects.map(({ ref, level, action }) => ({
      ref,
      level,
      action,
      state: action === 'keep' ? 'kept' : 'waiting',
    })),
    rollback: [],
    evidence: [],
    restartBaseline: {},
  };
  await store.createRun(run, plan);
  return run;
}
