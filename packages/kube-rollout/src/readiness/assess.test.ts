import { CONTEXT, live } from '../testing/objects';
import { assess, isAcceptedOnApply } from './assess';

const complete = {
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};
const deployment = (generation: number, status: any, metadata = {}) =>
  live('apps/v1', 'Deployment', {
    metadata: { generation, ...metadata },
    spec: { replicas: 1 },
    status,
  });

describe('order of judgement', () => {
  it('believes no status of an older generation, not even a failure', () => {
    const stale = deployment(2, {
      ...complete,
      observedGeneration: 1,
      conditions: [
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
        },
      ],
    });
    expect(assess(stale, CONTEXT).state).toBe('in-progress');
  });

  it('does not take an object from before the apply for its result', () => {
    const before = deployment(1, { ...complete, observedGeneration: 1 });
    expect(assess(before, CONTEXT, 2).state).toBe('in-progress');
    expect(assess(before, CONTEXT, 1).state).toBe('ready');
  });

  it('waits for the first look of a controller', () => {
    expect(assess(deployment(1, {}), CONTEXT).state).toBe('in-progress');
  });

  it('fails what somebody deletes', () => {
    const going = deployment(
      1,
      { ...complete, observedGeneration: 1 },
      { deletionTimestamp: '2026-03-01T11:59:00Z' },
    );
    expect(assess(going, CONTEXT)).toMatchObject({
      state: 'failed',
      reason: 'Terminating',
    });
  });

  it('heeds Stalled before Reconciling before the rule of the kind', () => {
    const widget = (...types: string[]) =>
      live('example.com/v1', 'Widget', {
        status: {
          conditions: [...types, 'Ready'].map(type => ({
            type,
            status: 'True',
          })),
        },
      });
    expect(assess(widget('Stalled', 'Reconciling'), CONTEXT).state).toBe(
      'failed',
    );
    expect(assess(widget('Reconciling'), CONTEXT).state).toBe('in-progress');
    expect(assess(widget(), CONTEXT).state).toBe('ready');
  });
});

describe('kinds accepted on apply', () => {
  it.each([
    ['v1', 'ConfigMap', true],
    ['v1', 'Secret', true],
    ['rbac.authorization.k8s.io/v1', 'Role', true],
    ['batch/v1', 'CronJob', true],
    ['networking.k8s.io/v1', 'NetworkPolicy', true],
    ['apps/v1', 'Deployment', false],
    ['batch/v1', 'Job', false],
    ['example.com/v1', 'ConfigMap', false],
  ])('%s %s: %s', (apiVersion, kind, accepted) => {
    expect(isAcceptedOnApply({ apiVersion, kind })).toBe(accepted);
  });
});
