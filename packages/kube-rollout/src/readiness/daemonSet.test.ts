import { CONTEXT, live } from '../testing/objects';
import { daemonSet } from './daemonSet';

const look = (spec: any, status: any, metadata = {}) =>
  daemonSet(live('apps/v1', 'DaemonSet', { spec, status, metadata }), CONTEXT);

describe('DaemonSet', () => {
  const good = {
    observedGeneration: 1,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  };

  it.each([
    ['updated and available on every node', {}, good, 'ready'],
    ['zeros before the first observation', {}, {}, 'in-progress'],
    [
      'not all updated',
      {},
      { ...good, updatedNumberScheduled: 2 },
      'in-progress',
    ],
    ['not all available', {}, { ...good, numberAvailable: 2 }, 'in-progress'],
  ])('%s', (_, spec, status, state) => {
    expect(look(spec, status)).toMatchObject({ state });
  });

  it('warns when no node wants a pod', () => {
    expect(
      look({}, { observedGeneration: 1, desiredNumberScheduled: 0 }),
    ).toMatchObject({
      state: 'ready',
      warning: expect.any(String),
    });
  });

  it('does not call OnDelete a plain success', () => {
    expect(
      look(
        { updateStrategy: { type: 'OnDelete' } },
        { ...good, updatedNumberScheduled: 0 },
      ),
    ).toMatchObject({
      state: 'ready',
      warning: expect.stringContaining('OnDelete'),
    });
  });
});
