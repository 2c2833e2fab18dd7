import { CONTEXT, live } from '../testing/objects';
import { pod } from './pod';

const look = (spec: any, status: any, metadata = {}) =>
  pod(live('v1', 'Pod', { spec, status, metadata }), CONTEXT);

describe('Pod', () => {
  it.each([
    [
      'running and ready',
      {},
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      'ready',
    ],
    [
      'running, not ready',
      {},
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
      'in-progress',
    ],
    [
      'done, and may be',
      { restartPolicy: 'Never' },
      { phase: 'Succeeded' },
      'ready',
    ],
    [
      'done, but is to run for ever',
      { restartPolicy: 'Always' },
      { phase: 'Succeeded' },
      'in-progress',
    ],
    ['failed', {}, { phase: 'Failed' }, 'failed'],
    ['pending', {}, { phase: 'Pending' }, 'in-progress'],
    ['not seen yet', {}, undefined, 'in-progress'],
  ])('%s', (_, spec, status, state) => {
    expect(look(spec, status)).toMatchObject({ state });
  });
});
