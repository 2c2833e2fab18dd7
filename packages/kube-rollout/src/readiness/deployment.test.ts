import { ago, CONTEXT, live } from '../testing/objects';
import { deployment } from './deployment';

const look = (spec: any, status: any, metadata = {}) =>
  deployment(
    live('apps/v1', 'Deployment', { spec, status, metadata }),
    CONTEXT,
  );

describe('Deployment', () => {
  const good = {
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
  };
  const refusal = (since: number) => ({
    conditions: [
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'exceeded quota',
        lastTransitionTime: ago(since),
      },
    ],
  });

  it.each([
    ['all updated, none old, all available', { replicas: 3 }, good, 'ready'],
    [
      'absent replicas mean one',
      {},
      { replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      'ready',
    ],
    ['zero wanted, zero there', { replicas: 0 }, {}, 'ready'],
    [
      'not all updated',
      { replicas: 3 },
      { ...good, updatedReplicas: 2 },
      'in-progress',
    ],
    [
      'an old pod is left',
      { replicas: 3 },
      { ...good, replicas: 4 },
      'in-progress',
    ],
    [
      'not all available',
      { replicas: 3 },
      { ...good, availableReplicas: 2 },
      'in-progress',
    ],
    ['scaled up after it was complete', { replicas: 5 }, good, 'in-progress'],
    [
      'scaled down, surplus still there',
      { replicas: 2 },
      { ...good },
      'in-progress',
    ],
    ['paused', { replicas: 3, paused: true }, good, 'paused'],
    [
      'progress deadline exceeded',
      { replicas: 3 },
      {
        ...good,
        availableReplicas: 0,
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
          },
        ],
      },
      'failed',
    ],
    ['pods refused just now', { replicas: 3 }, refusal(2), 'in-progress'],
    ['pods refused beyond the grace', { replicas: 3 }, refusal(11), 'failed'],
  ])('%s', (_, spec, status, state) => {
    expect(look(spec, status)).toMatchObject({ state });
  });

  it('says when to look again at a refusal that may pass', () => {
    expect(look({ replicas: 3 }, refusal(2)).recheckAt).toBe(
      CONTEXT.now + 8_000,
    );
  });

  it('does not blame what was just applied for a refusal from before', () => {
    const object = live('apps/v1', 'Deployment', {
      spec: { replicas: 3 },
      status: refusal(60),
    });
    expect(
      deployment(object, { ...CONTEXT, appliedAt: CONTEXT.now - 2_000 }),
    ).toMatchObject({
      state: 'in-progress',
      recheckAt: CONTEXT.now + 8_000,
    });
  });

  it('counts only pods as available that are surely new', () => {
    const halfway = { replicas: 4, updatedReplicas: 2, availableReplicas: 3 };
    expect(look({ replicas: 3 }, halfway).available).toBe(1);
  });
});
