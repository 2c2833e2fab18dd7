import { CONTEXT, live } from '../testing/objects';
import { statefulSet } from './statefulSet';

const look = (spec: any, status: any, metadata = {}) =>
  statefulSet(
    live('apps/v1', 'StatefulSet', { spec, status, metadata }),
    CONTEXT,
  );

describe('StatefulSet', () => {
  const good = {
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentRevision: 'b',
    updateRevision: 'b',
  };
  const from = (partition: number) => ({
    updateStrategy: { rollingUpdate: { partition } },
  });

  it.each([
    ['all of the update revision and available', {}, good, 'ready'],
    [
      'ready pods of the old revision',
      {},
      { ...good, updatedReplicas: 0, currentRevision: 'a' },
      'in-progress',
    ],
    [
      'ready, but not for minReadySeconds',
      {},
      { ...good, availableReplicas: 2 },
      'in-progress',
    ],
    [
      'current revision not moved up yet',
      {},
      { ...good, currentRevision: 'a' },
      'in-progress',
    ],
    ['one pod not ready', {}, { ...good, readyReplicas: 2 }, 'in-progress'],
    [
      'partition 2: one pod updated is enough',
      from(2),
      { ...good, updatedReplicas: 1, currentRevision: 'a' },
      'ready',
    ],
    [
      'partition 2: none updated',
      from(2),
      { ...good, updatedReplicas: 0, currentRevision: 'a' },
      'in-progress',
    ],
    [
      'partition above all ordinals',
      from(9),
      { ...good, updatedReplicas: 0, currentRevision: 'a' },
      'ready',
    ],
    [
      'partition counted from the first ordinal',
      { ...from(11), ordinals: { start: 10 } },
      { ...good, updatedReplicas: 2, currentRevision: 'a' },
      'ready',
    ],
  ])('%s', (_, spec, status, state) => {
    expect(look({ replicas: 3, ...spec }, status)).toMatchObject({ state });
  });

  it('does not call OnDelete a plain success', () => {
    expect(
      look(
        { replicas: 3, updateStrategy: { type: 'OnDelete' } },
        { ...good, updatedReplicas: 0 },
      ),
    ).toMatchObject({
      state: 'ready',
      warning: expect.stringContaining('OnDelete'),
    });
  });
});
