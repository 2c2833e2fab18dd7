import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { DatabaseRunStore, RunRecord } from '../database/DatabaseRunStore';
import type { RolloutsMetrics } from './metrics';

const SETTLED_MS = 10_000;

/** Tells whoever started a run how it ended; once, however many replicas there are and whichever of them dies meanwhile. */
export class RunTeller {
  readonly #runs: DatabaseRunStore;
  readonly #notifications: NotificationService;
  readonly #metrics: RolloutsMetrics;
  readonly #logger: LoggerService;

  constructor(options: {
    runs: DatabaseRunStore;
    notifications: NotificationService;
    metrics: RolloutsMetrics;
    logger: LoggerService;
  }) {
    this.#runs = options.runs;
    this.#notifications = options.notifications;
    this.#metrics = options.metrics;
    this.#logger = options.logger;
  }

  async tell(runId: string): Promise<void> {
    if (!(await this.#runs.claimTelling(runId, new Date()))) return;
    const record = await this.#runs.getRecord(runId);
    if (!record) return;
    const { createdAt, finishedAt = createdAt } = record;
    this.#metrics.finished(
      record.state,
      (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000,
    );
    if (!record.createdBy.startsWith('user:')) return;
    try {
      await this.#notifications.send({
        recipients: { type: 'entity', entityRef: record.createdBy },
        payload: payloadOf(record),
      });
    } catch (error) {
      this.#logger.warn(
        `Cannot notify ${record.createdBy} of run ${runId}`,
        error as Error,
      );
    }
  }

  /** Tells of runs whose driver died between their end and its telling. */
  async tellForgotten(): Promise<void> {
    const settled = new Date(Date.now() - SETTLED_MS);
    for (const id of await this.#runs.listUntold(settled)) await this.tell(id);
  }

  /** Looks for such runs every minute. */
  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'rollouts-tell-forgotten-runs',
      frequency: { minutes: 1 },
      timeout: { minutes: 1 },
      scope: 'global',
      fn: () => this.tellForgotten(),
    });
  }
}

const ENDS: Partial<Record<RunRecord['state'], string>> = {
  succeeded: 'is rolled out',
  'rolled-back': 'failed and is rolled back',
  'needs-attention': 'failed and could not be rolled back',
  failed: 'failed',
  aborted: 'was stopped',
};

function payloadOf(record: RunRecord) {
  const { id, state, target, message } = record;
  const good = state === 'succeeded';
  const what =
    good && record.kind === 'rollback' ? 'is taken back' : ENDS[state] ?? state;
  return {
    title: `${target.name} ${what} on ${target.cluster}`,
    ...(message && { description: message }),
    link: `/rollouts/runs/${id}`,
    severity: good ? ('normal' as const) : ('high' as const),
    topic: 'rollouts',
    scope: `rollouts:run:${id}`,
  };
}
