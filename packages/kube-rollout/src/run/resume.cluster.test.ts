import { RunError } from '../errors';
import {
  Application,
  configMap,
  deployment,
  describeOnCluster,
  documents,
  TestCluster,
} from '../testing/cluster';
import { driveRun } from './driveRun';
import { memoryRunStore } from './memoryRunStore';
import { isFinal } from './run';
import { RunStore } from './runStore';

jest.setTimeout(400_000);

/** Life of the lease of the driver that dies. */
const LEASE_MS = 400;

/** A store whose process dies at its n-th write, just before or just after it is on disk; from then on nothing works. */
function dyingStore(
  store: RunStore,
  atWrite: number,
  moment: 'before' | 'after',
): RunStore & { died: boolean } {
  let writes = 0;
  const dead = () => new RunError('STORE_UNREADABLE', 'the process is dead');
  const self = {
    ...store,
    died: false,
    commit: async (...args: Parameters<RunStore['commit']>) => {
      if (self.died) throw dead();
      writes += 1;
      if (writes < atWrite) return store.commit(...args);
      if (moment === 'after') await store.commit(...args);
      self.died = true;
      throw dead();
    },
    renewLease: async (...args: Parameters<RunStore['renewLease']>) => {
      if (self.died) throw dead();
      return store.renewLease(...args);
    },
    releaseLease: async (...args: Parameters<RunStore['releaseLease']>) => {
      if (self.died) throw dead();
      return store.releaseLease(...args);
    },
  };
  return self;
}

describeOnCluster('runs whose driver is killed', () => {
  let test: TestCluster;
  beforeAll(async () => {
    test = await TestCluster.start();
  }, 120_000);
  afterAll(() => test?.close());

  const before = documents(
    configMap('settings', { key: '1' }),
    configMap('leaves', { key: '1' }),
    deployment('web'),
  );
  const scenarios = {
    'a rollout that prunes': documents(
      configMap('settings', { key: '2' }),
      configMap('comes', { key: '2' }),
      deployment('web', { image: 'registry.example/web:2' }),
    ),
    'a rollout that fails and goes back': documents(
      configMap('settings', { key: '2' }),
      configMap('comes', { key: '2' }),
      deployment('web', { notes: { 'sim/failure': 'pull-error' } }),
    ),
  };

  /** What the end of a run leaves behind, without what differs from one undisturbed run to the next. */
  async function outcome(app: Application, runId: string) {
    const { namespace } = app.target;
    const end = await app.store.getRun(runId);
    const maps = await Promise.all(
      ['settings', 'leaves', 'comes'].map(
        async name =>
          (
            await test.read('v1', 'ConfigMap', namespace, name)
          )?.data,
      ),
    );
    const web = await test.read('apps/v1', 'Deployment', namespace, 'web');
    const inventory = await app.store.inventory(app.target);
    const uids = await Promise.all(
      inventory.map(async ({ ref, uid }) => {
        const live = await test.read(
          ref.apiVersion,
          ref.kind,
          namespace,
          ref.name,
        );
        return [ref.name, live !== undefined && live.metadata.uid === uid];
      }),
    );
    return {
      state: end?.state,
      maps,
      template: web?.spec.template,
      status: {
        updated: web?.status.updatedReplicas,
        available: web?.status.availableReplicas,
        all: web?.status.replicas,
      },
      uids: uids.sort(),
      releases: (await app.store.listReleases(app.target)).map(
        ({ revision }) => revision,
      ),
    };
  }

  async function run(
    manifests: string,
    killAt?: { write: number; moment: 'before' | 'after' },
  ) {
    const app = new Application(
      test.cluster,
      await test.target('shop'),
      memoryRunStore(),
    );
    await app.rollOut(before);
    const { id } = await app.start(manifests);
    const drive = (store: RunStore, holder: string, leaseMs?: number) =>
      driveRun(id, { store, cluster: test.cluster, holder, leaseMs });
    let commits = 0;
    if (killAt) {
      const dying = dyingStore(app.store, killAt.write, killAt.moment);
      // On a slow machine its short lease may run out before it dies: that is an interruption as well.
      const interrupted = await drive(dying, 'killed', LEASE_MS).then(
        () => false,
        error => {
          if (!dying.died && error.code !== 'LEASE_LOST') throw error;
          return true;
        },
      );
      if (interrupted) {
        // Nobody gave the lease back: the next driver has to wait until it has run out.
        while (
          !isFinal((await app.store.getRun(id))!.state) &&
          !(await app.store.listAbandoned(new Date())).includes(id)
        ) {
          await new Promise(resolve => setTimeout(resolve, 20));
        }
        await drive(app.store, 'next');
      }
    } else {
      const counting = {
        ...app.store,
        commit: async (...args: Parameters<RunStore['commit']>) => {
          commits += 1;
          return app.store.commit(...args);
        },
      };
      await drive(counting, 'only');
    }
    return { commits, ...(await outcome(app, id)) };
  }

  it.each(Object.entries(scenarios))(
    '%s ends as if nothing had happened',
    async (_, manifests) => {
      const { commits, ...undisturbed } = await run(manifests);
      expect(commits).toBeGreaterThan(5);
      expect(undisturbed.uids.every(([, same]) => same)).toBe(true);
      const kills = Array.from(
        { length: commits },
        (__, index) => index + 1,
      ).flatMap(write =>
        (['before', 'after'] as const).map(moment => ({ write, moment })),
      );
      for (let from = 0; from < kills.length; from += 6) {
        const batch = kills.slice(from, from + 6);
        const ends = await Promise.all(batch.map(kill => run(manifests, kill)));
        expect(ends.map((end, i) => ({ kill: batch[i], ...end }))).toEqual(
          batch.map(kill => ({ kill, ...undisturbed, commits: 0 })),
        );
      }
    },
  );

  it('is driven by one at a time', async () => {
    const app = new Application(test.cluster, await test.target('shop'));
    const { id } = await app.start(deployment('web'));
    const both = await Promise.allSettled([
      app.drive({ id }),
      app.drive({ id }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'LEASE_HELD' },
    });
  });

  it('lets go when its signal fires, and another driver goes on', async () => {
    const app = new Application(test.cluster, await test.target('shop'));
    const { id } = await app.start(
      deployment('web', { notes: { 'sim/failure': 'slow-start' } }),
    );
    const letGo = new AbortController();
    const first = driveRun(id, {
      store: app.store,
      cluster: test.cluster,
      signal: letGo.signal,
      onEvent: event => {
        if (event.type === 'object' && event.object.state === 'in-progress')
          letGo.abort();
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await app.store.getRun(id)).toMatchObject({ state: 'applying' });
    expect(await app.drive({ id })).toMatchObject({ state: 'succeeded' });
  });
});
