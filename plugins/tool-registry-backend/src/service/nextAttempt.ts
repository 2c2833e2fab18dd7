import { isoAfter } from './Clock';

const FIRST_RETRY_SECONDS = 5;

/**
 * When to read a source again: after its interval; sooner when it failed, first after seconds, then
 * each time twice as late; and as soon as its statement expires.
 */
export function nextAttempt(options: {
  now: Date;
  intervalSeconds: number;
  /** Failed attempts in a row, this one included. */
  failures: number;
  /** RFC 3339. */
  expiresAt?: string;
}): string {
  const { now, intervalSeconds, failures, expiresAt } = options;
  if (failures > 0) {
    const wait = FIRST_RETRY_SECONDS * 2 ** Math.min(failures - 1, 20);
    return isoAfter(now, Math.min(wait, intervalSeconds));
  }
  const untilExpiry = expiresAt
    ? (Date.parse(expiresAt) - now.getTime()) / 1000 + 1
    : Infinity;
  return isoAfter(
    now,
    untilExpiry > 0 ? Math.min(intervalSeconds, untilExpiry) : intervalSeconds,
  );
}
