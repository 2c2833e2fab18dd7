import { DEFAULT_POLICY } from '../plan/policy';
import { ago, live, NOW } from '../testing/objects';
import { classifyPod, PodContext } from './classifyPod';

const CONTEXT: PodContext = {
  policy: DEFAULT_POLICY,
  now: NOW,
  restartBaseline: 0,
  flaps: new Map(),
};

const waiting = (reason: string, message = '', more: any = {}) =>
  live('v1', 'Pod', {
    status: {
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'main',
          restartCount: 0,
          state: { waiting: { reason, message } },
          ...more,
        },
      ],
    },
  });
const crashing = (restartCount: number) =>
  waiting('CrashLoopBackOff', 'back-off restarting failed container', {
    restartCount,
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
  });

describe('what is wrong with a pod', () => {
  it.each([
    ['InvalidImageName', "couldn't parse image name", 'terminal'],
    ['ErrImageNeverPull', '', 'terminal'],
    ['ErrImagePull', 'rpc error: manifest unknown', 'terminal'],
    [
      'ImagePullBackOff',
      'Back-off pulling image: ErrImagePull: web:9: not found',
      'terminal',
    ],
    ['ErrImagePull', 'pull access denied for web', 'terminal'],
    ['ErrImagePull', 'unexpected status: 503 Service Unavailable', 'transient'],
    ['ErrImagePull', 'toomanyrequests: rate limit', 'transient'],
    ['ErrImagePull', 'dial tcp: lookup registry: no such host', 'transient'],
    [
      'CreateContainerConfigError',
      'failed to sync configmap cache: timed out waiting for the condition',
      'transient',
    ],
    ['CreateContainerError', 'context deadline exceeded', 'transient'],
    ['RunContainerError', 'exec: "/app": exec format error', 'terminal'],
    [
      'RunContainerError',
      'exec: "/nope": stat /nope: no such file or directory',
      'terminal',
    ],
  ])('%s: %s → %s', (reason, message, kind) => {
    expect(classifyPod(waiting(reason, message), CONTEXT)).toMatchObject({
      class: kind,
      container: 'main',
      reason,
    });
  });

  it.each(['ContainerCreating', 'PodInitializing'])(
    '%s is no trouble',
    reason => {
      expect(classifyPod(waiting(reason), CONTEXT)).toBeUndefined();
    },
  );

  it.each([
    ['configmap "settings" not found', { kind: 'ConfigMap', name: 'settings' }],
    ['secret "token" not found', { kind: 'Secret', name: 'token' }],
    [
      "couldn't find key url in ConfigMap shop/settings",
      { kind: 'ConfigMap', name: 'settings', key: 'url' },
    ],
  ])('doubts until confirmed: %s', (message, confirm) => {
    expect(
      classifyPod(waiting('CreateContainerConfigError', message), CONTEXT),
    ).toMatchObject({
      class: 'terminal',
      confirm,
    });
  });
});

describe('crash loops', () => {
  it.each([
    ['one restart', 1, 0, 'transient'],
    ['two restarts', 2, 0, 'looping'],
    ['five restarts, four of them before this rollout', 5, 4, 'transient'],
    ['six restarts, four of them before this rollout', 6, 4, 'looping'],
  ])('%s', (_, restarts, restartBaseline, kind) => {
    expect(
      classifyPod(crashing(restarts), { ...CONTEXT, restartBaseline })?.class,
    ).toBe(kind);
  });

  it('tells how the container ended', () => {
    expect(classifyPod(crashing(2), CONTEXT)).toMatchObject({
      exitCode: 137,
      restartCount: 2,
      message:
        'back-off restarting failed container; last exit: OOMKilled, exit code 137',
    });
  });

  it('counts a container that goes up and down', () => {
    const running = live('v1', 'Pod', {
      status: {
        phase: 'Running',
        containerStatuses: [
          { name: 'main', restartCount: 2, state: { running: {} } },
        ],
      },
    });
    expect(
      classifyPod(running, { ...CONTEXT, flaps: new Map([['main', 1]]) }),
    ).toBeUndefined();
    expect(
      classifyPod(running, { ...CONTEXT, flaps: new Map([['main', 2]]) }),
    ).toMatchObject({
      class: 'looping',
      reason: 'Flapping',
    });
  });

  it('counts init containers like main ones', () => {
    const pod = live('v1', 'Pod', {
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'migrate',
            restartCount: 2,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
          },
        ],
        containerStatuses: [
          {
            name: 'main',
            restartCount: 0,
            state: { waiting: { reason: 'PodInitializing' } },
          },
        ],
      },
    });
    expect(classifyPod(pod, CONTEXT)).toMatchObject({
      class: 'looping',
      container: 'migrate',
    });
  });
});

describe('what passes', () => {
  it('ignores an evicted pod', () => {
    const evicted = live('v1', 'Pod', {
      status: { phase: 'Failed', reason: 'Evicted' },
    });
    expect(classifyPod(evicted, CONTEXT)).toBeUndefined();
  });

  it.each([
    ['within its grace', 59, 'transient', NOW + 1_000],
    ['beyond its grace', 60, 'unschedulable', undefined],
  ])('an unschedulable pod %s', (_, since, kind, recheckAt) => {
    const pod = live('v1', 'Pod', {
      status: {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available',
            lastTransitionTime: ago(since),
          },
        ],
      },
    });
    const trouble = classifyPod(pod, CONTEXT);
    expect(trouble).toMatchObject({
      class: kind,
      message: '0/3 nodes are available',
    });
    expect(trouble?.recheckAt).toBe(recheckAt);
  });
});
