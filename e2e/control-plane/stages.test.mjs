import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  canStartControlPlane,
  failures,
  requireControlPlane,
  startControlPlane,
  stopControlPlane,
} from './index.mjs';
import { clientOf, eventually, newNamespace } from './testing.mjs';

const owned = !process.env.AGENTYARD_TEST_KUBECONFIG && canStartControlPlane();
const available = requireControlPlane(owned, 'control-plane: what kwok plays');

const cluster = `stages-${process.pid}`;
let api;
let namespace;

/** What a pod shows, in one line: phase, readiness, state and restarts of the container `main` (or init container `setup`). */
function shown(pod, container = 'main') {
  const {
    phase,
    reason,
    conditions = [],
    containerStatuses = [],
    initContainerStatuses = [],
  } = pod.status;
  const status = [...containerStatuses, ...initContainerStatuses].find(
    each => each.name === container,
  );
  const ready = conditions.some(
    each => each.type === 'Ready' && each.status === 'True',
  );
  const { waiting, terminated } = status?.state ?? {};
  const state =
    waiting?.reason ??
    (terminated && `exit ${terminated.exitCode}`) ??
    (status ? 'running' : 'none');
  return [
    phase,
    reason,
    ready ? 'ready' : 'unready',
    state,
    `restarts ${status?.restartCount ?? 0}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const template = (name, annotations, spec = {}) => ({
  metadata: { labels: { app: name }, annotations },
  spec: {
    containers: [
      { name: 'main', image: 'registry.example/main:1' },
      { name: 'side', image: 'registry.example/side:1' },
    ],
    ...spec,
  },
});

const deploy = (name, annotations, spec) =>
  api('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: template(name, annotations, spec),
    },
  });

const podsOf = async name =>
  (
    await api(
      'GET',
      `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${name}`,
    )
  ).items;

/** Follows the first pod until it has shown all of these, in this order; what stands between them is free. */
async function follow(name, expected, container) {
  const seen = [];
  let reached = 0;
  let pod;
  await eventually(`${name} to show ${expected.join(' → ')}`, async () => {
    const all = await podsOf(name);
    pod =
      all.find(each => each.metadata.uid === pod?.metadata.uid) ??
      pod ??
      all[0];
    if (!pod) return false;
    const now = shown(pod, container);
    if (seen.at(-1) !== now) seen.push(now);
    if (now === expected[reached]) reached++;
    return reached === expected.length;
  }).catch(error => {
    throw new Error(`${error.message}; seen: ${seen.join(' → ')}`);
  });
  return pod;
}

const statusOfContainer = (pod, name = 'main') =>
  [
    ...pod.status.containerStatuses,
    ...(pod.status.initContainerStatuses ?? []),
  ].find(each => each.name === name);

/** Stays as it is for a while: what is final must not go on. */
async function stays(name, expected, container) {
  await new Promise(resolve => setTimeout(resolve, 1_000));
  assert.equal(shown((await podsOf(name))[0], container), expected);
}

const quick = { 'sim/interval': '200ms' };
const cases = {
  async 'slow-start'() {
    await deploy('slow-start', {
      'sim/failure': 'slow-start',
      'sim/delay': '800ms',
    });
    const started = Date.now();
    await follow('slow-start', [
      'Running, unready, running, restarts 0',
      'Running, ready, running, restarts 0',
    ]);
    assert.ok(Date.now() - started >= 700);
  },

  async 'crash-loop'() {
    await deploy('crash-loop', {
      ...quick,
      'sim/failure': 'crash-loop',
      'sim/exit-code': '3',
    });
    const pod = await follow('crash-loop', [
      'Running, unready, running, restarts 0',
      'Running, unready, CrashLoopBackOff, restarts 1',
      'Running, unready, running, restarts 1',
      'Running, unready, CrashLoopBackOff, restarts 2',
      'Running, unready, running, restarts 2',
      'Running, unready, CrashLoopBackOff, restarts 3',
    ]);
    const { lastState, state } = statusOfContainer(pod);
    assert.equal(lastState.terminated.exitCode, 3);
    assert.match(
      state.waiting.message,
      /^back-off restarting failed container=main pod=crash-loop-/,
    );
    assert.equal(
      statusOfContainer(pod, 'side').ready,
      true,
      'its neighbour runs',
    );
    assert.equal((await podsOf('crash-loop')).length, 1);
  },

  async 'transient-crash'() {
    await deploy('transient-crash', {
      ...quick,
      'sim/failure': 'transient-crash',
      'sim/restarts': '2',
    });
    await follow('transient-crash', [
      'Running, unready, CrashLoopBackOff, restarts 1',
      'Running, unready, CrashLoopBackOff, restarts 2',
      'Running, ready, running, restarts 2',
    ]);
    await stays('transient-crash', 'Running, ready, running, restarts 2');
  },

  async oom() {
    await deploy('oom', { ...quick, 'sim/failure': 'oom' });
    const pod = await follow('oom', [
      'Running, unready, CrashLoopBackOff, restarts 1',
      'Running, unready, CrashLoopBackOff, restarts 2',
    ]);
    const { terminated } = statusOfContainer(pod).lastState;
    assert.deepEqual(
      [terminated.reason, terminated.exitCode],
      ['OOMKilled', 137],
    );
  },

  async 'pull-error'() {
    await deploy('pull-error', { ...quick, 'sim/failure': 'pull-error' });
    const pod = await follow('pull-error', [
      'Pending, unready, ErrImagePull, restarts 0',
      'Pending, unready, ImagePullBackOff, restarts 0',
      'Pending, unready, ErrImagePull, restarts 0',
    ]);
    assert.match(
      statusOfContainer(pod).state.waiting.message,
      /registry\.example\/main:1: not found$/,
    );
  },

  async 'pull-error-transient'() {
    await deploy('pull-error-transient', {
      ...quick,
      'sim/failure': 'pull-error-transient',
      'sim/delay': '300ms',
    });
    const pod = await follow('pull-error-transient', [
      'Pending, unready, ErrImagePull, restarts 0',
      'Pending, unready, ImagePullBackOff, restarts 0',
    ]);
    assert.match(
      statusOfContainer(pod).state.waiting.message,
      /503 Service Unavailable$/,
    );
    await follow('pull-error-transient', [
      'Running, ready, running, restarts 0',
    ]);
  },

  async 'missing-config'() {
    await deploy('missing-config', { 'sim/failure': 'missing-config' });
    const pod = await follow('missing-config', [
      'Pending, unready, CreateContainerConfigError, restarts 0',
    ]);
    assert.equal(
      statusOfContainer(pod).state.waiting.message,
      'configmap "sim-missing" not found',
    );
    await stays(
      'missing-config',
      'Pending, unready, CreateContainerConfigError, restarts 0',
    );
  },

  async 'init-failure'() {
    await deploy(
      'init-failure',
      { ...quick, 'sim/failure': 'init-failure' },
      {
        initContainers: [{ name: 'setup', image: 'registry.example/setup:1' }],
      },
    );
    const pod = await follow(
      'init-failure',
      [
        'Pending, unready, running, restarts 0',
        'Pending, unready, CrashLoopBackOff, restarts 1',
        'Pending, unready, CrashLoopBackOff, restarts 2',
      ],
      'setup',
    );
    assert.equal(
      statusOfContainer(pod, 'setup').lastState.terminated.exitCode,
      1,
    );
    assert.equal(
      statusOfContainer(pod).state.waiting.reason,
      'PodInitializing',
    );
  },

  async eviction() {
    // Pods from the next second but one on are spared, so that the replacement stays.
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 2_000)
      .toISOString()
      .replace('.000', '');
    await deploy('eviction', {
      'sim/failure': 'eviction',
      'sim/until': until,
      'sim/delay': '300ms',
    });
    const pod = await follow('eviction', [
      'Running, ready, running, restarts 0',
      'Failed, Evicted, unready, exit 137, restarts 0',
    ]);
    assert.match(pod.status.message, /low on resource/);
    await eventually('an available replacement', async () => {
      const { status } = await api(
        'GET',
        `/apis/apps/v1/namespaces/${namespace}/deployments/eviction`,
      );
      return status.availableReplicas === 1 && new Date() > new Date(until);
    });
    const spared = (await podsOf('eviction')).find(
      ({ status }) => status.phase === 'Running',
    );
    await new Promise(resolve => setTimeout(resolve, 1_000));
    assert.ok(
      (await podsOf('eviction')).some(
        ({ metadata }) => metadata.uid === spared.metadata.uid,
      ),
    );
  },

  async flapping() {
    await deploy('flapping', { ...quick, 'sim/failure': 'flapping' });
    const pod = await follow('flapping', [
      'Running, ready, running, restarts 0',
      'Running, unready, exit 1, restarts 0',
      'Running, ready, running, restarts 1',
      'Running, unready, exit 1, restarts 1',
      'Running, ready, running, restarts 2',
    ]);
    assert.equal(statusOfContainer(pod).lastState.terminated.exitCode, 1);
  },
};

describe(
  'control-plane: what kwok plays',
  { skip: !available && 'no control plane; see above what to install' },
  () => {
    before(async () => {
      const { kubeconfig } = await startControlPlane({ name: cluster });
      api = clientOf(kubeconfig);
      namespace = await newNamespace(api, 'stages');
    });
    after(() => stopControlPlane({ name: cluster }));

    it('has a case for each value of sim/failure', () => {
      assert.deepEqual(Object.keys(cases).sort(), [...failures].sort());
    });

    for (const [value, check] of Object.entries(cases)) {
      it(`sim/failure: ${value}`, check);
    }

    it('without the annotation a pod is ready at once, with an address of its own', async () => {
      await deploy(
        'normal',
        {},
        {
          initContainers: [
            { name: 'setup', image: 'registry.example/setup:1' },
          ],
        },
      );
      const pod = await follow('normal', [
        'Running, ready, running, restarts 0',
      ]);
      assert.match(pod.status.podIP, /^10\.1(2[89]|3\d|4[0-3])\./);
      assert.equal(
        statusOfContainer(pod, 'setup').state.terminated.exitCode,
        0,
      );
      assert.ok(
        pod.status.conditions.some(
          ({ type, status }) => type === 'PodScheduled' && status === 'True',
        ),
      );
    });

    it('a misspelt value shows on the pod instead of passing for health', async () => {
      await deploy('misspelt', { 'sim/failure': 'crashloop' });
      const pod = await follow('misspelt', [
        'Pending, unready, UnknownSimFailure, restarts 0',
      ]);
      assert.match(statusOfContainer(pod).state.waiting.message, /crash-loop/);
    });

    it('sim/container chooses the failing container, sim/message its words', async () => {
      await deploy('chosen', {
        'sim/failure': 'missing-config',
        'sim/container': 'side',
        'sim/message': 'secret "token" not found',
      });
      const pod = await follow(
        'chosen',
        ['Pending, unready, CreateContainerConfigError, restarts 0'],
        'side',
      );
      assert.equal(
        statusOfContainer(pod, 'side').state.waiting.message,
        'secret "token" not found',
      );
      assert.equal(statusOfContainer(pod, 'main').ready, true);
    });

    it('a fixed template replaces a crashing one, and the Deployment completes', async () => {
      await deploy('fixed', { ...quick, 'sim/failure': 'crash-loop' });
      await follow('fixed', ['Running, unready, CrashLoopBackOff, restarts 1']);
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/fixed`;
      const deployment = await api('GET', path);
      deployment.spec.template.metadata.annotations = {};
      await api('PUT', path, deployment);
      await eventually('completion', async () => {
        const { status, metadata } = await api('GET', path);
        return (
          status.observedGeneration === metadata.generation &&
          status.availableReplicas === 1 &&
          status.replicas === 1
        );
      });
    });

    it('a Job completes; with a crashing container it fails', async () => {
      for (const [name, annotations] of [
        ['good', {}],
        ['bad', { ...quick, 'sim/failure': 'crash-loop' }],
      ]) {
        await api('POST', `/apis/batch/v1/namespaces/${namespace}/jobs`, {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name },
          spec: {
            backoffLimit: 0,
            template: template(name, annotations, { restartPolicy: 'Never' }),
          },
        });
      }
      const condition = (name, type) =>
        eventually(`${name} to be ${type}`, async () => {
          const { status } = await api(
            'GET',
            `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
          );
          return status.conditions?.some(
            each => each.type === type && each.status === 'True',
          );
        });
      await condition('good', 'Complete');
      await condition('bad', 'Failed');
    });

    it('a StatefulSet comes up with its claims bound', async () => {
      const name = 'stateful';
      await api('POST', `/apis/apps/v1/namespaces/${namespace}/statefulsets`, {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name },
        spec: {
          replicas: 2,
          serviceName: name,
          selector: { matchLabels: { app: name } },
          template: template(name, {}),
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: {
                accessModes: ['ReadWriteOnce'],
                resources: { requests: { storage: '1Gi' } },
              },
            },
          ],
        },
      });
      await eventually('two ready pods', async () => {
        const { status } = await api(
          'GET',
          `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`,
        );
        return status.readyReplicas === 2;
      });
      const { items } = await api(
        'GET',
        `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
      );
      assert.deepEqual(
        items.map(({ status }) => status.phase),
        ['Bound', 'Bound'],
      );
    });

    it('a Service of type LoadBalancer gets an address, unless sim/failure says no-address', async () => {
      const create = (name, annotations) =>
        api('POST', `/api/v1/namespaces/${namespace}/services`, {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name, annotations },
          spec: {
            type: 'LoadBalancer',
            selector: { app: 'normal' },
            ports: [{ port: 80 }],
          },
        });
      await create('without', { 'sim/failure': 'no-address' });
      await create('with', {});
      const ingress = async name =>
        (await api('GET', `/api/v1/namespaces/${namespace}/services/${name}`))
          .status.loadBalancer.ingress;
      await eventually('the address', () => ingress('with'));
      assert.equal(await ingress('without'), undefined);
    });

    it('a deleted pod goes at once, or after sim/termination', async () => {
      await deploy('leaving', { 'sim/termination': '1s' });
      const pod = await follow('leaving', [
        'Running, ready, running, restarts 0',
      ]);
      const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`;
      await api('DELETE', path);
      const asked = Date.now();
      await eventually('its end', () =>
        api('GET', path).then(
          () => false,
          error => error.status === 404,
        ),
      );
      assert.ok(
        Date.now() - asked > 800,
        `gone after ${Date.now() - asked} ms`,
      );
    });

    it('a namespace with all of this in it can be deleted', async () => {
      const path = `/api/v1/namespaces/${namespace}`;
      await api('DELETE', path);
      await eventually(
        'its end',
        () =>
          api('GET', path).then(
            () => false,
            error => error.status === 404,
          ),
        { within: 30_000 },
      );
    });
  },
);
