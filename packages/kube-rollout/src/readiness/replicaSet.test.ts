import { ago, CONTEXT, live } from '../testing/objects';
import { replicaSet } from './replicaSet';

const look = (spec: any, status: any, metadata = {}) =>
  replicaSet(
    live('apps/v1', 'ReplicaSet', { spec, status, metadata }),
    CONTEXT,
  );

describe('ReplicaSet', () => {
  it.each([
    [
      'complete',
      {
        replicas: 2,
        fullyLabeledReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      },
      'ready',
    ],
    [
      'labels missing',
      {
        replicas: 2,
        fullyLabeledReplicas: 1,
        readyReplicas: 2,
        availableReplicas: 2,
      },
      'in-progress',
    ],
    [
      'ready, not yet available',
      {
        replicas: 2,
        fullyLabeledReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 1,
      },
      'in-progress',
    ],
    ['no status', {}, 'in-progress'],
    [
      'refused by quota beyond the grace',
      {
        conditions: [
          {
            type: 'ReplicaFailure',
            status: 'True',
            lastTransitionTime: ago(11),
          },
        ],
      },
      'failed',
    ],
  ])('%s', (_, status, state) => {
    expect(look({ replicas: 2 }, status)).toMatchObject({ state });
  });
});
