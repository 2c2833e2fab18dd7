import { CONTEXT, live } from '../testing/objects';
import { namespace } from './namespace';

const look = (spec: any, status: any, metadata = {}) =>
  namespace(live('v1', 'Namespace', { spec, status, metadata }), CONTEXT);

describe('Namespace', () => {
  it.each([
    ['active', { phase: 'Active' }, 'ready'],
    ['not yet', undefined, 'in-progress'],
  ])('%s', (_, status, state) => {
    expect(look({}, status)).toMatchObject({ state });
  });
});
