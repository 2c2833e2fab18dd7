import { MAX_RUN_EVENTS } from '@agentyard/plugin-rollouts-common';
import { testDatabases } from '../testing/databases';
import { planOf, runOf } from '../testing/plans';
import { DatabaseRunStore } from './DatabaseRunStore';
import { PlanStore } from './PlanStore';
import { RunEventStore } from './RunEventStore';

jest.setTimeout(60_000);

const at = '2026-01-01T10:00:00.000Z';
const line = (message: string) => ({ at, level: 'info' as const, message });

describe('RunEventStore', () => {
  const databases = testDatabases();

  describe.each(databases.ids)('on %s', id => {
    async function withRun() {
      const knex = await databases.migrated(id);
      const plan = planOf('echo');
      const run = runOf(plan);
      await new PlanStore(knex).add(plan, { kind: 'rollout', createdBy: 'x' });
      const runs = new DatabaseRunStore(knex);
      await runs.createRun(run, plan);
      return { runs, run, events: new RunEventStore(knex) };
    }

    it('numbers lines in order', async () => {
      const { run, events } = await withRun();
      await events.append(run.id, [line('one'), line('two')]);
      await events.append(run.id, [line('three')]);

      expect(await events.list(run.id)).toEqual([
        { seq: 1, ...line('one') },
        { seq: 2, ...line('two') },
        { seq: 3, ...line('three') },
      ]);
    });

    it('keeps the last lines, and of a very long one its beginning', async () => {
      const { run, events } = await withRun();
      const many = Array.from({ length: MAX_RUN_EVENTS + 20 }, (_, i) =>
        line(`${i} ${'x'.repeat(3_000)}`),
      );
      await events.append(run.id, many);

      const kept = await events.list(run.id);
      expect(kept).toHaveLength(MAX_RUN_EVENTS);
      expect(kept[0].seq).toBe(21);
      expect(kept[0].message).toHaveLength(2_000);
    });

    it('takes lines of the driver only as long as nobody else drives', async () => {
      const { run, runs, events } = await withRun();
      const now = new Date(at);
      const lease = (await runs.acquireLease(run.id, 'one', 15_000, now))!;
      expect(await events.append(run.id, [line('mine')], 'one')).toBe(true);
      await runs.releaseLease(lease);
      expect(await events.append(run.id, [line('last')], 'one')).toBe(true);

      await runs.acquireLease(run.id, 'two', 15_000, now);
      expect(await events.append(run.id, [line('stale')], 'one')).toBe(false);
      expect((await events.list(run.id)).map(e => e.message)).toEqual([
        'mine',
        'last',
      ]);
    });

    it('writes nothing for a run that does not exist', async () => {
      const { events } = await withRun();
      expect(await events.append('00000000', [line('lost')])).toBe(false);
    });
  });
});
