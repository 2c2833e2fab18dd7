import { CONTEXT, live } from '../testing/objects';
import { resourceQuota } from './resourceQuota';

const look = (spec: any, status: any, metadata = {}) =>
  resourceQuota(
    live('v1', 'ResourceQuota', { spec, status, metadata }),
    CONTEXT,
  );

describe('ResourceQuota', () => {
  it.each([
    ['limits taken over', { hard: { pods: '3' } }, 'ready'],
    ['older limits in force', { hard: { pods: '2' } }, 'in-progress'],
    ['not seen yet', {}, 'in-progress'],
  ])('%s', (_, status, state) => {
    expect(look({ hard: { pods: '3' } }, status)).toMatchObject({ state });
  });
});
