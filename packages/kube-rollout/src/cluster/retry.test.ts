import { ClusterError, RolloutErrorCode } from '../errors';
import { withRetry } from './retry';

const failing = (times: number, error: ClusterError) => {
  let calls = 0;
  return {
    action: async () => {
      calls += 1;
      if (calls <= times) throw error;
      return 'done';
    },
    calls: () => calls,
  };
};
const soon = () => ({ untilMs: Date.now() + 5_000 });

describe('withRetry', () => {
  it.each<[RolloutErrorCode, string]>([
    ['UNREACHABLE', 'connection reset'],
    ['THROTTLED', 'slow down'],
    ['SERVER_ERROR', 'failed calling webhook'],
    [
      'CONFLICT',
      'Operation cannot be fulfilled on resourcequotas "q": the object has been modified',
    ],
  ])('tries %s again', async (code, message) => {
    const { action, calls } = failing(1, new ClusterError(code, message));
    await expect(withRetry(action, soon())).resolves.toBe('done');
    expect(calls()).toBe(2);
  });

  it.each<[RolloutErrorCode, object]>([
    ['UNAUTHORIZED', {}],
    ['FORBIDDEN', {}],
    ['INVALID', {}],
    ['NOT_FOUND', {}],
    ['CONFLICT', { conflicts: [{ manager: 'other', fields: ['data'] }] }],
    ['CONFLICT', {}],
  ])('does not try %s again', async (code, details) => {
    const { action, calls } = failing(1, new ClusterError(code, 'no', details));
    await expect(withRetry(action, soon())).rejects.toMatchObject({ code });
    expect(calls()).toBe(1);
  });

  it('gives up when the wait would outlast the patience', async () => {
    const { action, calls } = failing(
      1,
      new ClusterError('THROTTLED', 'no', { retryAfterMs: 10_000 }),
    );
    await expect(withRetry(action, soon())).rejects.toMatchObject({
      code: 'THROTTLED',
    });
    expect(calls()).toBe(1);
  });

  it('stops waiting when aborted', async () => {
    const { action } = failing(9, new ClusterError('UNREACHABLE', 'no'));
    const abort = new AbortController();
    const result = withRetry(action, {
      untilMs: Date.now() + 60_000,
      signal: abort.signal,
      onRetry: () => abort.abort(),
    });
    await expect(result).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
