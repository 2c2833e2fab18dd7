import { KubeObject } from '../object';
import { diffObjects, maskMessage } from './diff';

const map = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', resourceVersion: String(Math.random()) },
  data,
});
const secret = (data: Record<string, string>): KubeObject => ({
  ...map(data),
  kind: 'Secret',
});

describe('diffObjects', () => {
  it('lists what was added, removed and changed', () => {
    expect(
      diffObjects(map({ a: '1', b: '1' }), map({ b: '2', 'c.d': '3' })).changes,
    ).toEqual([
      { path: 'data.a', type: 'removed', before: '1' },
      { path: 'data.b', type: 'changed', before: '1', after: '2' },
      { path: 'data["c.d"]', type: 'added', after: '3' },
    ]);
  });

  it('shows text that reads like a patch, without bookkeeping', () => {
    const { unified } = diffObjects(map({ a: '1' }), map({ a: '2' }));
    expect(unified).toContain('--- ConfigMap settings');
    expect(unified).toContain('-  a: "1"\n+  a: "2"');
    expect(unified).not.toContain('resourceVersion');
  });

  it('shows a new object whole', () => {
    expect(diffObjects(undefined, map({ a: '1' })).unified).toContain(
      '--- /dev/null',
    );
  });

  it('never shows values of a Secret, but whether they change', () => {
    const shown = diffObjects(
      secret({ same: 'czE=', other: 'bzE=', gone: 'ZzE=' }),
      secret({ same: 'czE=', other: 'bzI=', fresh: 'ZjE=' }),
    );
    expect(shown.changes).toEqual([
      { path: 'data.fresh', type: 'added', after: '(masked)' },
      { path: 'data.gone', type: 'removed', before: '(masked)' },
      {
        path: 'data.other',
        type: 'changed',
        before: '(masked)',
        after: '(masked, changed)',
      },
    ]);
    for (const value of ['czE=', 'bzE=', 'bzI=', 'ZzE=', 'ZjE='])
      expect(JSON.stringify(shown)).not.toContain(value);
  });

  it('takes values out of what the server says about a Secret', () => {
    expect(maskMessage('Secret', 'Invalid value: "hunter2": too short')).toBe(
      'Invalid value: (masked): too short',
    );
    expect(maskMessage('Pod', 'Invalid value: "x": bad')).toBe(
      'Invalid value: "x": bad',
    );
  });
});
