import { CONTEXT, live } from '../testing/objects';
import { job } from './job';

const look = (spec: any, status: any, metadata = {}) =>
  job(live('batch/v1', 'Job', { spec, status, metadata }), CONTEXT);

describe('Job', () => {
  const when = (type: string) => ({
    conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded' }],
  });

  it.each([
    ['complete', {}, when('Complete'), 'ready'],
    ['merely running', {}, { active: 1, ready: 1 }, 'in-progress'],
    ['failed', {}, when('Failed'), 'failed'],
    ['sure to fail', {}, when('FailureTarget'), 'failed'],
    [
      'suspended',
      { suspend: true },
      { conditions: [{ type: 'Suspended', status: 'True' }] },
      'paused',
    ],
  ])('%s', (_, spec, status, state) => {
    expect(look(spec, status)).toMatchObject({ state });
  });

  it('gives the reason of the failure', () => {
    expect(look({}, when('Failed')).reason).toBe('BackoffLimitExceeded');
  });

  it('takes a start for success where that is asked for', () => {
    const annotations = { 'agentyard.dev/started-is-enough': 'true' };
    expect(look({}, { active: 1, ready: 1 }, { annotations }).state).toBe(
      'ready',
    );
    expect(look({}, { active: 1, ready: 0 }, { annotations }).state).toBe(
      'in-progress',
    );
  });
});
