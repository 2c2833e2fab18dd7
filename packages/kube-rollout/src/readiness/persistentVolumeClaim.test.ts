import { CONTEXT, live } from '../testing/objects';
import { persistentVolumeClaim } from './persistentVolumeClaim';

const look = (spec: any, status: any, metadata = {}) =>
  persistentVolumeClaim(
    live('v1', 'PersistentVolumeClaim', { spec, status, metadata }),
    CONTEXT,
  );

describe('PersistentVolumeClaim', () => {
  it.each([
    ['bound', { phase: 'Bound' }, 'ready', undefined],
    [
      'waits for its first consumer',
      { phase: 'Pending' },
      'ready',
      expect.stringContaining('consumer'),
    ],
    ['volume lost', { phase: 'Lost' }, 'failed', undefined],
  ])('%s', (_, status, state, warning) => {
    const found = look({}, status);
    expect(found.state).toBe(state);
    expect(found.warning).toEqual(warning);
  });
});
