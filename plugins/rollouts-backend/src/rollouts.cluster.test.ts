import {
  isActiveRun,
  RolloutsClient,
  type Plan,
  type Run,
} from '@agentyard/plugin-rollouts-common';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import type { AddressInfo } from 'node:net';
import { rolloutsPlugin } from './plugin';
import {
  deployment,
  describeOnCluster,
  documents,
  TestCluster,
} from './testing/controlPlane';

jest.setTimeout(90_000);

const SECRET = 'hunter2-and-more';
const SECRET_BASE64 = Buffer.from(SECRET).toString('base64');

const secret = (value: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'credentials' },
    stringData: { password: value },
  });

describeOnCluster('rollouts backend on a control plane', () => {
  let cluster: TestCluster;
  let client: RolloutsClient;
  let stop: (() => Promise<void>) | undefined;
  const send = jest.fn(async () => {});
  const publish = jest.fn(async () => {});
  const seen: string[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    const backend = await startTestBackend({
      features: [
        rolloutsPlugin,
        mockServices.rootConfig.factory({
          data: { kubernetes: cluster.kubernetesConfig },
        }),
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({ send }),
        }),
        createServiceFactory({
          service: signalsServiceRef,
          deps: {},
          factory: () => ({ publish }),
        }),
      ],
    });
    stop = () => backend.stop();
    const { port } = backend.server.address() as AddressInfo;
    client = new RolloutsClient({
      discoveryApi: {
        getBaseUrl: async id => `http://127.0.0.1:${port}/api/${id}`,
      },
      fetchApi: {
        // Everything that is ever answered is looked through for secrets at the end.
        fetch: async (input, init) => {
          const response = await fetch(input, init);
          seen.push(await response.clone().text());
          return response;
        },
      },
    });
  }, 120_000);
  afterAll(() => stop?.());

  const as = { token: mockCredentials.user.token('user:default/ann') };
  const entityRef = 'component:default/echo';

  const plan = (namespace: string, manifests: string): Promise<Plan> =>
    client.createPlan(
      { name: 'echo', cluster: 'test', namespace, manifests, entityRef },
      as,
    );

  async function until(
    run: { id: string },
    reached: (run: Run) => boolean,
  ): Promise<Run> {
    for (;;) {
      const current = await client.getRun(run.id, as);
      if (reached(current)) return current;
      if (!isActiveRun(current)) {
        throw new Error(`run ended: ${JSON.stringify(current, null, 2)}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
  const end = (run: { id: string }) => until(run, r => !isActiveRun(r));

  /** Log, signal and notification follow a run's end within a moment. */
  async function eventually(check: () => unknown): Promise<void> {
    for (const deadline = Date.now() + 5_000; ; ) {
      try {
        await check();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }

  async function rollOut(namespace: string, manifests: string): Promise<Run> {
    const { id, digest } = await plan(namespace, manifests);
    return end(await client.startRun({ planId: id, digest }, as));
  }

  const image = async (namespace: string) =>
    (
      await cluster.read(
        `/apis/apps/v1/namespaces/${namespace}/deployments/echo`,
      )
    )?.spec.template.spec.containers[0].image;

  it('finds the cluster', async () => {
    const { items } = await client.getClusters(as);
    expect(items).toMatchObject([
      {
        name: 'test',
        state: 'reachable',
        version: expect.stringMatching(/^v/),
      },
    ]);
  });

  it('goes the whole way: plan, run, release, and what each of them shows', async () => {
    const namespace = await cluster.namespace();
    const planned = await plan(
      namespace,
      documents(secret(SECRET), deployment('echo')),
    );
    expect(planned).toMatchObject({
      state: 'ready',
      kind: 'rollout',
      createdBy: 'user:default/ann',
      counts: { create: 2, refused: 0 },
    });
    expect(planned.objects.map(o => [o.ref.kind, o.action])).toEqual([
      ['Secret', 'create'],
      ['Deployment', 'create'],
    ]);
    expect(planned.objects[1].diff).toContain('registry.example/echo:1');

    const started = await client.startRun(
      { planId: planned.id, digest: planned.digest },
      as,
    );
    const again = await client.startRun(
      { planId: planned.id, digest: planned.digest },
      as,
    );
    expect(again.id).toBe(started.id);

    const run = await end(started);
    expect(run).toMatchObject({
      state: 'succeeded',
      verdict: 'succeeded',
      kind: 'rollout',
      revision: 1,
      entityRef,
      progress: { total: 2, ready: 2, failed: 0 },
      evidence: [],
      rollback: [],
      canRollback: false,
    });
    const echo = run.objects.find(o => o.ref.kind === 'Deployment')!;
    expect(echo.state).toBe('ready');
    expect(echo.pods).toHaveLength(2);
    expect(echo.pods[0]).toMatchObject({ phase: 'Running', ready: true });
    await eventually(async () => {
      const { events } = await client.getRun(run.id, as);
      expect(events.map(e => e.message)).toEqual(
        expect.arrayContaining([
          'started by user:default/ann',
          expect.stringMatching(/^succeeded/),
        ]),
      );
    });

    const { items: runs } = await client.getRuns({ entityRef }, as);
    expect(runs.map(r => r.id)).toContain(run.id);
    const { items: releases } = await client.getReleases({ entityRef }, as);
    expect(releases.find(r => r.runId === run.id)).toMatchObject({
      current: true,
      revision: 1,
      objectCount: 2,
      images: ['registry.example/echo:1'],
      createdBy: 'user:default/ann',
    });
    expect(publish).toHaveBeenCalledWith({
      recipients: { type: 'broadcast' },
      channel: 'rollouts:run',
      message: { runId: run.id },
    });
    await eventually(() =>
      expect(send).toHaveBeenCalledWith({
        recipients: { type: 'entity', entityRef: 'user:default/ann' },
        payload: expect.objectContaining({
          title: 'echo is rolled out on test',
          link: `/rollouts/runs/${run.id}`,
        }),
      }),
    );
  });

  it('brings the previous release back, whole, when the new one never starts', async () => {
    const namespace = await cluster.namespace();
    await rollOut(namespace, documents(secret(SECRET), deployment('echo')));
    const run = await rollOut(
      namespace,
      documents(
        secret(`${SECRET}-new`),
        deployment('echo', {
          image: 'registry.example/echo:broken',
          notes: { 'sim/failure': 'pull-error' },
        }),
      ),
    );

    expect(run).toMatchObject({
      state: 'rolled-back',
      verdict: 'rolled-back',
      canRollback: false,
    });
    expect(run.evidence[0]).toMatchObject({
      class: 'terminal',
      object: { kind: 'Deployment', name: 'echo', namespace },
      pod: expect.stringMatching(/^echo-/),
      container: 'main',
      reason: expect.stringMatching(/ErrImagePull|ImagePullBackOff/),
      message: expect.any(String),
    });
    expect(run.rollback.map(o => o.state)).toEqual(['ready', 'ready']);
    expect(await image(namespace)).toBe('registry.example/echo:1');
    const restored = await cluster.read(
      `/api/v1/namespaces/${namespace}/secrets/credentials`,
    );
    expect(restored.data.password).toBe(SECRET_BASE64);
    await eventually(() =>
      expect(send).toHaveBeenCalledWith(
        expect.objectContaining({
          payload: expect.objectContaining({
            title: 'echo failed and is rolled back on test',
            severity: 'high',
          }),
        }),
      ),
    );
  });

  it('undoes a run that succeeded, by hand', async () => {
    const namespace = await cluster.namespace();
    const first = await rollOut(namespace, deployment('echo'));
    const second = await rollOut(
      namespace,
      deployment('echo', { image: 'registry.example/echo:2' }),
    );
    expect(second.canRollback).toBe(true);
    expect(await image(namespace)).toBe('registry.example/echo:2');
    await expect(client.rollbackRun(first.id, as)).rejects.toMatchObject({
      statusCode: 409,
      cause: { code: 'ROLLBACK_IMPOSSIBLE' },
    });

    const undo = await client.rollbackRun(second.id, as);
    expect(undo).toMatchObject({
      kind: 'rollback',
      rollbackOf: second.id,
      revision: 3,
      entityRef,
    });
    expect(await end(undo)).toMatchObject({ verdict: 'succeeded' });
    expect(await image(namespace)).toBe('registry.example/echo:1');
  });

  it('stops an active run and takes it back', async () => {
    const namespace = await cluster.namespace();
    await rollOut(namespace, deployment('echo'));
    const slow = await plan(
      namespace,
      deployment('echo', {
        image: 'registry.example/echo:slow',
        notes: { 'sim/failure': 'slow-start', 'sim/delay': '60s' },
      }),
    );
    const run = await client.startRun(
      { planId: slow.id, digest: slow.digest },
      as,
    );
    await until(run, r => r.state === 'applying');
    await expect(
      client.startRun(
        await plan(namespace, deployment('echo')).then(p => ({
          planId: p.id,
          digest: p.digest,
        })),
        as,
      ),
    ).rejects.toMatchObject({ cause: { code: 'RUN_ACTIVE' } });

    const stopping = await client.rollbackRun(run.id, as);
    expect(stopping).toMatchObject({ id: run.id, canRollback: false });
    expect(await end(run)).toMatchObject({
      state: 'rolled-back',
      evidence: [{ class: 'aborted' }],
    });
    expect(await image(namespace)).toBe('registry.example/echo:1');
  });

  it('shows what the API server refuses, and applies nothing of it', async () => {
    const namespace = await cluster.namespace();
    const broken = deployment('echo').replace('"replicas":2', '"replicas":-2');
    const refused = await plan(namespace, documents(secret(SECRET), broken));

    expect(refused.state).toBe('refused');
    expect(refused.problems).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'INVALID',
        field: 'spec.replicas',
        object: expect.objectContaining({ kind: 'Deployment', name: 'echo' }),
      }),
    );
    await expect(
      client.startRun({ planId: refused.id, digest: refused.digest }, as),
    ).rejects.toMatchObject({
      statusCode: 409,
      cause: { code: 'PLAN_REFUSED' },
    });
    expect(
      await cluster.read(`/api/v1/namespaces/${namespace}/secrets/credentials`),
    ).toBeUndefined();
  });

  it('starts nothing but the plan that was read', async () => {
    const namespace = await cluster.namespace();
    const { id } = await plan(namespace, deployment('echo'));
    await expect(
      client.startRun({ planId: id, digest: '0'.repeat(64) }, as),
    ).rejects.toMatchObject({
      statusCode: 409,
      cause: { code: 'DIGEST_MISMATCH' },
    });
  });

  it('applies nothing when the cluster has moved since the plan', async () => {
    const namespace = await cluster.namespace();
    await rollOut(namespace, deployment('echo'));
    const planned = await plan(
      namespace,
      deployment('echo', { image: 'registry.example/echo:2' }),
    );
    await cluster.patch(
      `/apis/apps/v1/namespaces/${namespace}/deployments/echo`,
      { spec: { minReadySeconds: 1 } },
    );

    const run = await end(
      await client.startRun({ planId: planned.id, digest: planned.digest }, as),
    );
    expect(run).toMatchObject({
      state: 'failed',
      verdict: 'failed',
      evidence: [{ class: 'refused', reason: 'BASE_MOVED' }],
    });
    expect(await image(namespace)).toBe('registry.example/echo:1');
  });

  it('has never answered with a secret', () => {
    expect(seen.length).toBeGreaterThan(50);
    for (const text of seen) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(SECRET_BASE64);
    }
  });
});
