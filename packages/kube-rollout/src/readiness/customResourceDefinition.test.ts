import { CONTEXT, live } from '../testing/objects';
import { customResourceDefinition } from './customResourceDefinition';

const look = (spec: any, status: any, metadata = {}) =>
  customResourceDefinition(
    live('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
      spec,
      status,
      metadata,
    }),
    CONTEXT,
  );

describe('CustomResourceDefinition', () => {
  it.each([
    [
      'established',
      [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
      'ready',
    ],
    [
      'not yet established',
      [{ type: 'NamesAccepted', status: 'True' }],
      'in-progress',
    ],
    [
      'names taken',
      [{ type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict' }],
      'failed',
    ],
  ])('%s', (_, conditions, state) => {
    expect(look(undefined, { conditions })).toMatchObject({ state });
  });
});
