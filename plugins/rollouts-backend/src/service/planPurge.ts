import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { PlanStore } from '../database/PlanStore';

const KEPT_DAYS = 7;

/** Deletes plans that nobody ran a week after they expired: they hold manifests, and so Secrets. */
export async function schedulePlanPurge(
  scheduler: SchedulerService,
  plans: PlanStore,
): Promise<void> {
  await scheduler.scheduleTask({
    id: 'rollouts-purge-plans',
    frequency: { hours: 6 },
    timeout: { minutes: 5 },
    scope: 'global',
    fn: async () => {
      await plans.purge(new Date(Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000));
    },
  });
}
