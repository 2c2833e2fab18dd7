import { CONTEXT, live } from '../testing/objects';
import { customResource } from './customResource';

const look = (spec: any, status: any, metadata = {}) =>
  customResource(
    live('example.com/v1', 'Widget', { spec, status, metadata }),
    CONTEXT,
  );

describe('Widget', () => {
  const condition = (status: string, observedGeneration?: number) => ({
    conditions: [{ type: 'Ready', status, observedGeneration }],
  });

  it.each([
    ['ready', condition('True'), 'ready'],
    ['not ready', condition('False'), 'in-progress'],
    [
      'ready, but about an older generation',
      condition('True', 0),
      'in-progress',
    ],
    ['a status without Ready condition', { phase: 'Whatever' }, 'ready'],
  ])('%s', (_, status, state) => {
    expect(look({}, status)).toMatchObject({ state });
  });

  it('waits through the grace for a first status', () => {
    const widget = live('example.com/v1', 'Widget');
    const early = customResource(widget, {
      ...CONTEXT,
      appliedAt: CONTEXT.now - 5_000,
    });
    expect(early).toMatchObject({
      state: 'in-progress',
      recheckAt: CONTEXT.now + 25_000,
    });
    const late = customResource(widget, {
      ...CONTEXT,
      appliedAt: CONTEXT.now - 30_000,
    });
    expect(late).toMatchObject({ state: 'ready', warning: expect.any(String) });
  });
});
