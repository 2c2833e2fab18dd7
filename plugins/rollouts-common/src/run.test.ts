import { formatObjectRef } from './plan';
import { isActiveRun, RUN_STATES } from './run';

describe('isActiveRun', () => {
  it('is true until nothing more happens by itself', () => {
    expect(RUN_STATES.filter(state => isActiveRun({ state }))).toEqual([
      'pending',
      'applying',
      'pruning',
      'rolling-back',
    ]);
  });
});

describe('formatObjectRef', () => {
  it('names kind, namespace and name', () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };
    expect(formatObjectRef({ ...ref, namespace: 'tools' })).toBe(
      'ConfigMap tools/a',
    );
    expect(formatObjectRef(ref)).toBe('ConfigMap a');
  });
});
