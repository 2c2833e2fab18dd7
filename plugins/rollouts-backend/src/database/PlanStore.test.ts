import { testDatabases } from '../testing/databases';
import { planOf, runOf } from '../testing/plans';
import { DatabaseRunStore } from './DatabaseRunStore';
import { PlanStore } from './PlanStore';

jest.setTimeout(60_000);

describe('PlanStore', () => {
  const databases = testDatabases();
  const about = { kind: 'rollout' as const, createdBy: 'user:default/guest' };

  it.each(databases.ids)('gives plans back, newest first, on %s', async id => {
    const store = new PlanStore(await databases.migrated(id));
    const old = planOf('echo');
    const fresh = planOf('echo', { createdAt: '2026-01-01T11:00:00.000Z' });
    const record = await store.add(old, {
      ...about,
      entityRef: 'component:default/echo',
    });
    await store.add(fresh, about);
    await store.add(planOf('other'), about);

    expect(await store.get(old.id)).toEqual({ record, plan: old });
    expect(await store.get('00000000')).toBeUndefined();
    expect((await store.list({ name: 'echo' })).map(p => p.id)).toEqual([
      fresh.id,
      old.id,
    ]);
    expect(await store.list({ entityRef: 'component:default/echo' })).toEqual([
      record,
    ]);
  });

  it.each(databases.ids)(
    'deletes what expired and was never run, on %s',
    async id => {
      const knex = await databases.migrated(id);
      const store = new PlanStore(knex);
      const forgotten = planOf('forgotten');
      const run = planOf('run');
      const fresh = planOf('fresh', { expiresAt: '2026-02-01T00:00:00.000Z' });
      for (const plan of [forgotten, run, fresh]) await store.add(plan, about);
      await new DatabaseRunStore(knex).createRun(runOf(run), run);

      expect(await store.purge(new Date('2026-01-08T00:00:00.000Z'))).toBe(1);
      expect(await store.get(forgotten.id)).toBeUndefined();
      expect(await store.get(run.id)).toBeDefined();
      expect(await store.get(fresh.id)).toBeDefined();
    },
  );
});
