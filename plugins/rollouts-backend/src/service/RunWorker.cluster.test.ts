import {
  createPlan,
  isFinal,
  parseManifests,
  startRun,
  type Run,
} from '@agentyard/kube-rollout';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import knexFactory, { type Knex } from 'knex';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { ClusterDirectory } from '../clusters/ClusterDirectory';
import { serviceAccountAuth } from '../clusters/serviceAccountAuth';
import { migrationsDirectory } from '../database/connectDatabase';
import { DatabaseRunStore } from '../database/DatabaseRunStore';
import { PlanStore } from '../database/PlanStore';
import { RunEventStore } from '../database/RunEventStore';
import {
  deployment,
  describeOnCluster,
  documents,
  TestCluster,
} from '../testing/controlPlane';
import { RunWorker } from './RunWorker';

jest.setTimeout(90_000);

/** Lease of the driver that is killed, as `driveRuns` has it; those who survive have one that a slow machine can keep. */
const DOOMED_LEASE_MS = 3_000;
const configMap = (version: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { version },
  });

describeOnCluster('rollouts worker on a control plane', () => {
  const disk = createMockDirectory();
  let cluster: TestCluster;
  let filename: string;
  let knex: Knex;
  let runs: DatabaseRunStore;
  let events: RunEventStore;
  let clusters: ClusterDirectory;
  let config: object;
  const workers: RunWorker[] = [];
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    config = { kubernetes: cluster.kubernetesConfig };
  }, 120_000);

  beforeEach(async () => {
    disk.setContent({});
    filename = disk.resolve('rollouts.sqlite');
    knex = knexFactory({
      client: 'better-sqlite3',
      connection: { filename },
      useNullAsDefault: true,
    });
    await knex.migrate.latest({ directory: migrationsDirectory });
    runs = new DatabaseRunStore(knex);
    events = new RunEventStore(knex);
    clusters = new ClusterDirectory({
      config: new ConfigReader(config as any),
      logger: mockServices.logger.mock(),
      auths: [serviceAccountAuth()],
    });
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map(each => each.stop()));
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await clusters.close();
    await knex.destroy();
  });

  function worker(holder: string, store = runs): RunWorker {
    const made = new RunWorker({
      runs: store,
      events,
      clusters,
      logger: mockServices.logger.mock(),
      holder,
      maxConcurrent: 10,
      publish: async () => {},
      onFinished: async () => {},
      pollMs: 50,
    });
    workers.push(made);
    return made;
  }

  async function elsewhere(holder: string): Promise<ChildProcess> {
    const child = spawn(
      process.execPath,
      [
        '-r',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        resolve(__dirname, '../testing/driveRuns.ts'),
        filename,
        holder,
        JSON.stringify(config),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_ENV: 'test' },
      },
    );
    children.push(child);
    await Promise.race([
      once(child.stdout!, 'data'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the driver ended with ${code}`);
      }),
    ]);
    return child;
  }

  async function start(namespace: string, manifests: string): Promise<Run> {
    const plan = await createPlan({
      cluster: await clusters.connect('test'),
      store: runs,
      target: { cluster: 'test', namespace, name: 'echo' },
      objects: parseManifests(manifests),
    });
    await new PlanStore(knex).add(plan, {
      kind: 'rollout',
      createdBy: 'user:default/ann',
    });
    return startRun({ store: runs, plan });
  }

  async function until(run: Run, reached: (run: Run) => boolean): Promise<Run> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const current = (await runs.getRun(run.id))!;
      if (reached(current)) return current;
      if (Date.now() > deadline) {
        throw new Error(`waited in vain: ${JSON.stringify(current)}`);
      }
      await new Promise(done => setTimeout(done, 25));
    }
  }
  const end = (run: Run) => until(run, r => isFinal(r.state));

  const uidOf = async (path: string) =>
    (await cluster.read(path))?.metadata.uid;

  it('finishes a run whose driver was killed in the middle of it', async () => {
    const namespace = await cluster.namespace();
    const run = await start(
      namespace,
      documents(
        configMap('1'),
        deployment('echo', {
          notes: { 'sim/failure': 'slow-start', 'sim/delay': '6s' },
        }),
      ),
    );
    const child = await elsewhere('doomed');
    await until(run, r => r.objects.some(o => o.state === 'in-progress'));
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/echo`;
    const before = await uidOf(path);
    expect(before).toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAt = Date.now();

    worker('heir').start();
    const row = () => knex('runs').where({ id: run.id }).first();
    for (;;) {
      if ((await row()).lease_holder === 'heir') break;
      await new Promise(done => setTimeout(done, 25));
    }
    expect(Date.now() - killedAt).toBeLessThan(DOOMED_LEASE_MS + 2_000);

    expect(await end(run)).toMatchObject({
      state: 'succeeded',
      objects: [{ state: 'ready' }, { state: 'ready' }],
    });
    // The same object, applied once: an effect that was there is recognised, not made again.
    expect(await uidOf(path)).toBe(before);
    expect((await cluster.read(path)).metadata.generation).toBe(1);
    const epochs = (await runs.journal(run.id)).map(line => line.epoch);
    expect(epochs[0]).toBe(1);
    expect(epochs.at(-1)).toBe(2);
    expect(await runs.listReleases(run.target)).toHaveLength(1);
  });

  it('finishes a way back whose driver was killed', async () => {
    const namespace = await cluster.namespace();
    const heir = worker('heir');
    heir.start();
    await end(
      await start(namespace, documents(configMap('1'), deployment('echo'))),
    );
    await heir.stop();

    const run = await start(
      namespace,
      documents(
        configMap('2'),
        deployment('echo', {
          image: 'registry.example/echo:broken',
          notes: { 'sim/failure': 'pull-error', 'sim/termination': '5s' },
        }),
      ),
    );
    const child = await elsewhere('doomed');
    await until(run, r => r.state === 'rolling-back');
    child.kill('SIGKILL');
    await once(child, 'exit');
    worker('second heir').start();

    expect(await end(run)).toMatchObject({ state: 'rolled-back' });
    const settings = await cluster.read(
      `/api/v1/namespaces/${namespace}/configmaps/settings`,
    );
    expect(settings.data).toEqual({ version: '1' });
    expect(await runs.listReleases(run.target)).toHaveLength(1);
  });

  it('lets one of two workers drive a run, and the other never write', async () => {
    const namespace = await cluster.namespace();
    const run = await start(
      namespace,
      deployment('echo', {
        notes: { 'sim/failure': 'slow-start', 'sim/delay': '4s' },
      }),
    );
    const one = worker('one');
    const two = worker('two');
    one.start();
    two.start();
    await end(run);

    const { lease_holder: holder, lease_epoch: epoch } = await knex('runs')
      .where({ id: run.id })
      .first();
    expect(['one', 'two']).toContain(holder);
    expect(epoch).toBe(1);
    const lines = await runs.journal(run.id);
    expect(new Set(lines.map(line => line.epoch))).toEqual(new Set([1]));
    expect(await runs.listReleases(run.target)).toHaveLength(1);
  });

  it('hands a run over when it is stopped', async () => {
    const namespace = await cluster.namespace();
    const run = await start(
      namespace,
      deployment('echo', {
        notes: { 'sim/failure': 'slow-start', 'sim/delay': '4s' },
      }),
    );
    const one = worker('one');
    one.start();
    await until(run, r => r.state === 'applying');
    const stopping = Date.now();
    await one.stop();
    expect(Date.now() - stopping).toBeLessThan(2_000);
    expect(await runs.listAbandoned(new Date())).toEqual([run.id]);

    worker('two').start();
    expect(await end(run)).toMatchObject({ state: 'succeeded' });
  });

  it('drives no more runs at once than it may', async () => {
    const limited = new RunWorker({
      runs,
      events,
      clusters,
      logger: mockServices.logger.mock(),
      holder: 'limited',
      maxConcurrent: 1,
      publish: async () => {},
      onFinished: async () => {},
      pollMs: 50,
    });
    workers.push(limited);
    const first = await start(
      await cluster.namespace(),
      deployment('echo', {
        notes: { 'sim/failure': 'slow-start', 'sim/delay': '2s' },
      }),
    );
    const second = await start(await cluster.namespace(), deployment('echo'));
    limited.start();
    await until(first, r => r.state === 'applying');
    expect(limited.driving).toBe(1);
    expect((await runs.getRun(second.id))?.state).toBe('pending');

    expect(await end(first)).toMatchObject({ state: 'succeeded' });
    expect(await end(second)).toMatchObject({ state: 'succeeded' });
  });
});
