import { nextAttempt } from './nextAttempt';

const now = new Date('2026-09-01T08:00:00.000Z');
const secondsUntil = (options: { failures?: number; expiresAt?: string }) =>
  (Date.parse(
    nextAttempt({ now, intervalSeconds: 300, failures: 0, ...options }),
  ) -
    now.getTime()) /
  1000;

describe('nextAttempt', () => {
  it('waits for the interval after a success', () => {
    expect(secondsUntil({})).toBe(300);
  });

  it('comes back when the statement expires within the interval', () => {
    expect(secondsUntil({ expiresAt: '2026-09-01T08:01:00Z' })).toBe(61);
    expect(secondsUntil({ expiresAt: '2026-09-02T08:00:00Z' })).toBe(300);
    expect(secondsUntil({ expiresAt: '2026-08-01T08:00:00Z' })).toBe(300);
  });

  it('tries again soon after a failure, then ever later, never later than the interval', () => {
    expect(
      [1, 2, 3, 4, 5, 6, 7, 8, 1000].map(failures =>
        secondsUntil({ failures }),
      ),
    ).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });
});
