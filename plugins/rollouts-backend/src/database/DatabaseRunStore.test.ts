import type { Plan, Run } from '@agentyard/kube-rollout';
import type { Knex } from 'knex';
import { testDatabases } from '../testing/databases';
import { planOf, runOf } from '../testing/plans';
import { DatabaseRunStore } from './DatabaseRunStore';
import { PlanStore } from './PlanStore';

jest.setTimeout(60_000);

const TEN = new Date('2026-01-01T10:00:00.000Z');
const later = (seconds: number) => new Date(TEN.getTime() + seconds * 1000);
const TTL = 15_000;

describe('DatabaseRunStore', () => {
  const databases = testDatabases();

  describe.each(databases.ids)('on %s', id => {
    let knex: Knex;
    let store: DatabaseRunStore;
    let plans: PlanStore;

    beforeEach(async () => {
      knex = await databases.migrated(id);
      store = new DatabaseRunStore(knex);
      plans = new PlanStore(knex);
    });

    async function started(
      plan: Plan = planOf('echo'),
      overrides: Partial<Run> = {},
    ): Promise<Run> {
      await plans.add(plan, {
        kind: 'rollout',
        entityRef: 'component:default/echo',
        createdBy: 'user:default/guest',
      });
      const run = runOf(plan, overrides);
      await store.createRun(run, plan);
      return run;
    }

    /** Brings a run to its end, with a release where it succeeds. */
    async function finish(run: Run, state: Run['state'] = 'succeeded') {
      const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
      await store.commit(lease, {
        run: { state, finishedAt: later(60).toISOString() },
        ...(state === 'succeeded' && {
          release: {
            id: `release-${run.revision}`,
            target: run.target,
            revision: run.revision,
            runId: run.id,
            planDigest: run.planDigest,
            createdAt: later(60).toISOString(),
            objects: [
              {
                apiVersion: 'apps/v1',
                kind: 'Deployment',
                metadata: { name: 'echo' },
                spec: {
                  template: {
                    spec: {
                      initContainers: [{ name: 'init', image: 'init:1' }],
                      containers: [
                        { name: 'main', image: `echo:${run.revision}` },
                      ],
                    },
                  },
                },
              },
            ],
          },
        }),
      });
      await store.releaseLease(lease);
    }

    describe('runs', () => {
      it('gives a run and its plan back as they were stored', async () => {
        const plan = planOf('echo');
        const run = await started(plan);

        expect(await store.getRun(run.id)).toEqual(run);
        expect(await store.getPlan(run.id)).toEqual(plan);
        expect(await store.getRun('00000000')).toBeUndefined();
        expect(await store.getPlan('00000000')).toBeUndefined();
      });

      it('refuses a second active run of one target, and takes it once the first is over', async () => {
        const first = await started();

        await expect(started()).rejects.toMatchObject({
          code: 'RUN_ACTIVE',
          message: expect.stringContaining(first.id),
        });
        await expect(started(planOf('other'))).resolves.toBeDefined();

        await finish(first);
        const second = await started(planOf('echo'), { revision: 2 });
        expect(await store.lastRevision(second.target)).toBe(2);
      });

      it('refuses a second run of one plan', async () => {
        const plan = planOf('echo');
        await finish(await started(plan));

        await expect(
          store.createRun(runOf(plan, { revision: 2 }), plan),
        ).rejects.toMatchObject({
          code: 'RUN_ACTIVE',
          message: `plan ${plan.id} has a run already`,
        });
      });

      it('knows which runs nobody drives', async () => {
        const free = await started(planOf('free'));
        const held = await started(planOf('held'));
        const over = await started(planOf('over'));
        await store.acquireLease(held.id, 'one', TTL, TEN);
        await finish(over);

        expect(await store.listAbandoned(later(14))).toEqual([free.id]);
        expect(new Set(await store.listAbandoned(later(15)))).toEqual(
          new Set([free.id, held.id]),
        );
      });

      it('lists by application, cluster, entity and state, newest first', async () => {
        const old = await started(planOf('echo'));
        await finish(old);
        const fresh = await started(planOf('echo'), {
          revision: 2,
          createdAt: later(300).toISOString(),
        });
        await started(planOf('other'));

        const ids = async (filter: Parameters<typeof store.listRecords>[0]) =>
          (await store.listRecords(filter)).map(run => run.id);
        expect(await ids({ name: 'echo' })).toEqual([fresh.id, old.id]);
        expect(await ids({ name: 'echo', limit: 1 })).toEqual([fresh.id]);
        expect(await ids({ state: 'succeeded' })).toEqual([old.id]);
        expect(await ids({ cluster: 'elsewhere' })).toEqual([]);
        expect(await ids({ entityRef: 'component:default/echo' })).toHaveLength(
          3,
        );
        expect(await store.countActive()).toBe(2);
      });
    });

    describe('the lease', () => {
      it('belongs to one holder, until it expires', async () => {
        const run = await started();

        const first = await store.acquireLease(run.id, 'one', TTL, TEN);
        expect(first).toEqual({
          runId: run.id,
          holder: 'one',
          epoch: 1,
          expiresAt: later(15).toISOString(),
        });
        expect(
          await store.acquireLease(run.id, 'two', TTL, later(14)),
        ).toBeUndefined();
        expect(
          await store.acquireLease(run.id, 'two', TTL, later(15)),
        ).toMatchObject({ holder: 'two', epoch: 2 });
      });

      it('goes to one of many who ask at once', async () => {
        const run = await started();

        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            store.acquireLease(run.id, `holder-${i}`, TTL, TEN),
          ),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
      });

      it('is prolonged by renewal, and free after release', async () => {
        const run = await started();
        const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;

        const renewed = await store.renewLease(lease, TTL, later(5));
        expect(renewed).toEqual({
          lease: { ...lease, expiresAt: later(20).toISOString() },
        });
        expect(
          await store.acquireLease(run.id, 'two', TTL, later(16)),
        ).toBeUndefined();

        await store.releaseLease(renewed.lease);
        expect(
          await store.acquireLease(run.id, 'two', TTL, later(16)),
        ).toMatchObject({ epoch: 2 });
      });

      it('fences off a holder that slept too long: it writes nothing at all', async () => {
        const run = await started();
        const stale = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        const fresh = (await store.acquireLease(
          run.id,
          'two',
          TTL,
          later(20),
        ))!;

        await expect(
          store.commit(stale, {
            run: { state: 'failed', message: 'from the past' },
            journal: [
              {
                step: 'apply/0',
                phase: 'intent',
                at: TEN.toISOString(),
                message: '-',
              },
            ],
            inventory: [
              {
                ref: run.objects[0].ref,
                uid: 'u1',
                created: true,
                revision: 1,
              },
            ],
          }),
        ).rejects.toMatchObject({ code: 'LEASE_LOST' });
        await expect(
          store.renewLease(stale, TTL, later(21)),
        ).rejects.toMatchObject({ code: 'LEASE_LOST' });
        await store.releaseLease(stale);

        expect(await store.getRun(run.id)).toEqual(run);
        expect(await store.journal(run.id)).toEqual([]);
        expect(await store.inventory(run.target)).toEqual([]);
        await expect(
          store.renewLease(fresh, TTL, later(21)),
        ).resolves.toBeDefined();
      });

      it('is refused on a run that does not exist', async () => {
        await expect(
          store.acquireLease('00000000', 'one', TTL, TEN),
        ).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
      });
    });

    describe('a step', () => {
      it('writes all of it or nothing', async () => {
        const run = await started();
        const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        const release = {
          id: 'release-1',
          target: run.target,
          revision: 1,
          runId: run.id,
          planDigest: run.planDigest,
          createdAt: TEN.toISOString(),
          objects: [],
        };
        await store.commit(lease, { release });

        await expect(
          store.commit(lease, {
            run: { state: 'succeeded' },
            journal: [
              {
                step: 'release',
                phase: 'done',
                at: TEN.toISOString(),
                message: '-',
              },
            ],
            release,
          }),
        ).rejects.toThrow();
        expect((await store.getRun(run.id))?.state).toBe('pending');
        expect(await store.journal(run.id)).toEqual([]);
      });

      it('numbers the journal without gaps, and keeps the epoch of each line', async () => {
        const run = await started();
        const line = (step: string) => ({
          step,
          phase: 'intent' as const,
          at: TEN.toISOString(),
          message: 'about to',
        });
        const one = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        await store.commit(one, {
          journal: [line('apply/0'), line('apply/1')],
        });
        const two = (await store.acquireLease(run.id, 'two', TTL, later(15)))!;
        await store.commit(two, { journal: [line('apply/2')] });

        expect(
          (await store.journal(run.id)).map(({ seq, epoch, step }) => [
            seq,
            epoch,
            step,
          ]),
        ).toEqual([
          [1, 1, 'apply/0'],
          [2, 1, 'apply/1'],
          [3, 2, 'apply/2'],
        ]);
        expect(await store.journal(run.id, 2)).toHaveLength(1);
      });

      it('moves a few of many objects, and counts them', async () => {
        const [object] = planOf('echo').objects;
        const plan = planOf('echo', {
          objects: Array.from({ length: 250 }, (_, i) => ({
            ...object,
            ref: { ...object.ref, name: `echo-${i}` },
          })),
        });
        const run = await started(plan);
        const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        const objects = run.objects.map((each, i) => {
          if (i === 3) return { ...each, state: 'failed' as const };
          return i < 3 ? { ...each, state: 'ready' as const } : each;
        });
        await store.commit(lease, { run: { state: 'applying', objects } });

        expect((await store.getRun(run.id))?.objects).toEqual(objects);
        expect(await store.getRecord(run.id)).toMatchObject({
          state: 'applying',
          progress: { total: 250, ready: 3, failed: 1 },
        });
      });

      it('counts the way back while the run goes back', async () => {
        const run = await started();
        const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        await store.commit(lease, {
          run: {
            state: 'rolling-back',
            objects: [{ ...run.objects[0], state: 'failed' }],
            rollback: [{ ...run.objects[0], state: 'ready' }],
          },
        });

        expect((await store.getRecord(run.id))?.progress).toEqual({
          total: 1,
          ready: 1,
          failed: 0,
        });
        expect((await store.getRun(run.id))?.rollback).toHaveLength(1);
      });

      it('replaces the inventory of its own target alone', async () => {
        const entry = (name: string, uid?: string) => ({
          ref: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            namespace: 'tools',
            name,
          },
          ...(uid && { uid }),
          created: true,
          revision: 1,
        });
        const echo = await started(planOf('echo'));
        const other = await started(planOf('other'));
        const one = (await store.acquireLease(echo.id, 'one', TTL, TEN))!;
        const two = (await store.acquireLease(other.id, 'one', TTL, TEN))!;
        await store.commit(one, { inventory: [entry('a'), entry('b', 'u')] });
        await store.commit(two, { inventory: [entry('c', 'v')] });
        await store.commit(one, { inventory: [entry('b', 'u')] });

        expect(await store.inventory(echo.target)).toEqual([entry('b', 'u')]);
        expect(await store.inventory(other.target)).toEqual([entry('c', 'v')]);
      });
    });

    describe('the wish to stop', () => {
      const wish = (by: string) => ({
        by,
        at: TEN.toISOString(),
        then: 'rollback' as const,
      });

      it('reaches the driver at its next renewal; the first one stands', async () => {
        const run = await started();
        const lease = (await store.acquireLease(run.id, 'one', TTL, TEN))!;
        await store.requestAbort(run.id, wish('user:default/ann'));
        await store.requestAbort(run.id, wish('user:default/bob'));

        const { abort } = await store.renewLease(lease, TTL, later(5));
        expect(abort).toEqual(wish('user:default/ann'));
        expect((await store.getRun(run.id))?.abort).toEqual(abort);
      });

      it('is refused when the run is over, or does not exist', async () => {
        const run = await started();
        await finish(run);

        await expect(
          store.requestAbort(run.id, wish('user:default/ann')),
        ).rejects.toMatchObject({ code: 'RUN_OVER' });
        await expect(
          store.requestAbort('00000000', wish('user:default/ann')),
        ).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
      });
    });

    describe('releases', () => {
      it('are kept per target, newest first, with their images', async () => {
        const first = await started();
        await finish(first);
        const second = await started(planOf('echo'), { revision: 2 });
        await finish(second);
        await finish(await started(planOf('other')), 'failed');

        expect((await store.latestRelease(first.target))?.revision).toBe(2);
        expect(
          (await store.listReleases(first.target)).map(r => r.revision),
        ).toEqual([2, 1]);
        expect(await store.releaseBefore(first.target, 2)).toEqual({
          id: 'release-1',
          revision: 1,
        });
        expect(await store.releaseBefore(first.target, 1)).toBeUndefined();
        expect(await store.getRelease('release-1')).toMatchObject({
          runId: first.id,
          objects: [{ kind: 'Deployment' }],
        });
        const records = await store.listReleaseRecords({ name: 'echo' });
        expect(records).toHaveLength(2);
        expect(records.find(r => r.revision === 2)).toMatchObject({
          current: true,
          images: ['echo:2', 'init:1'],
          objectCount: 1,
          entityRef: 'component:default/echo',
          createdBy: 'user:default/guest',
        });
        expect(records.find(r => r.revision === 1)?.current).toBe(false);
        expect(await store.listReleaseRecords({ name: 'other' })).toEqual([]);
      });
    });

    describe('the telling of ends', () => {
      it('is claimed once', async () => {
        const run = await started();
        expect(await store.listUntold(later(3600))).toEqual([]);
        await finish(run);

        expect(await store.listUntold(later(59))).toEqual([]);
        expect(await store.listUntold(later(60))).toEqual([run.id]);
        const claims = await Promise.all(
          [1, 2, 3].map(() => store.claimTelling(run.id, later(61))),
        );
        expect(claims.filter(Boolean)).toHaveLength(1);
        expect(await store.listUntold(later(3600))).toEqual([]);
      });
    });
  });
});
