import { live } from '../testing/objects';
import { hasFailed } from './tolerance';

const deployment = (replicas: number, maxUnavailable?: string | number) =>
  live('apps/v1', 'Deployment', {
    spec: {
      replicas,
      strategy:
        maxUnavailable === undefined
          ? {}
          : { rollingUpdate: { maxUnavailable } },
    },
  });

describe('how many troubled pods make a failure', () => {
  it.each([
    ['none', deployment(4), 0, 2, false],
    [
      'one of two new pods, a quarter of four may be missing',
      deployment(4),
      1,
      2,
      false,
    ],
    [
      'two of three new pods, a quarter of four may be missing',
      deployment(4),
      2,
      3,
      true,
    ],
    [
      'the only new pod, although ten may be missing',
      deployment(40, 10),
      1,
      1,
      true,
    ],
    ['within a number given', deployment(4, 2), 2, 3, false],
    ['none may be missing', deployment(4, 0), 1, 3, true],
    [
      'a StatefulSet waits for each pod',
      live('apps/v1', 'StatefulSet'),
      1,
      9,
      true,
    ],
    [
      'a DaemonSet waits for each pod',
      live('apps/v1', 'DaemonSet'),
      1,
      9,
      true,
    ],
  ])('%s', (_, workload, troubled, wanted, failed) => {
    expect(hasFailed(workload, troubled, wanted)).toBe(failed);
  });
});
