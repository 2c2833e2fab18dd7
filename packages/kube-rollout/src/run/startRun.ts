import { Plan } from '../plan/plan';
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
export async function startRun(_options: StartRunOptions): Promise<Run> {
  throw new Error('under construction');
}
