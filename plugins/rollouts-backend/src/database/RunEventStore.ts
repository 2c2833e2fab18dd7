import {
  MAX_RUN_EVENTS,
  type RunEvent,
} from '@agentyard/plugin-rollouts-common';
import type { Knex } from 'knex';

/** A line of the log before it has its number. */
export type NewRunEvent = Omit<RunEvent, 'seq'>;

const MAX_MESSAGE = 2_000;

/** The log of each run, for people; bounded to its last {@link MAX_RUN_EVENTS} lines. */
export class RunEventStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Appends lines. With a `holder` only as long as nobody else has taken the run's lease: the log of a run has one
   * writer, like the run itself.
   * @returns false when nothing was written, since the run is somebody else's, or gone
   */
  async append(
    runId: string,
    events: NewRunEvent[],
    holder?: string,
  ): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const run = await trx('runs')
        .select('lease_holder')
        .where({ id: runId })
        .forUpdate()
        .first();
      if (!run || (holder && run.lease_holder !== holder)) return false;
      const last = await trx('run_events')
        .max({ seq: 'seq' })
        .where({ run_id: runId })
        .first();
      const first = (last?.seq ?? 0) + 1;
      await trx.batchInsert(
        'run_events',
        events.map(({ at, level, message }, i) => ({
          run_id: runId,
          seq: first + i,
          at,
          level,
          message: message.slice(0, MAX_MESSAGE),
        })),
        100,
      );
      await trx('run_events')
        .where({ run_id: runId })
        .where('seq', '<', first + events.length - MAX_RUN_EVENTS)
        .delete();
      return true;
    });
  }

  /** Oldest first. */
  async list(runId: string): Promise<RunEvent[]> {
    return this.#knex('run_events')
      .select('seq', 'at', 'level', 'message')
      .where({ run_id: runId })
      .orderBy('seq');
  }
}
