import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError, RolloutError } from '../errors';

/** How patient to be. */
export interface RetryOptions {
  signal?: AbortSignal;
  /** Give up at this instant, ms since the epoch. */
  untilMs: number;
  /** Told before each wait. */
  onRetry?: (error: ClusterError, waitMs: number) => void;
}

const BASE_MS = 200;
const CAP_MS = 5_000;
/** A server that errs this often about the same object will go on doing so. */
const MAX_SERVER_ERRORS = 6;

/**
 * Tries again what may pass by itself: no connection, throttling, a webhook that is not up, a change of the
 * etcd leader, a race for the quota. Never 401, 403 or 422.
 */
export async function withRetry<T>(
  action: () => Promise<T>,
  { signal, untilMs, onRetry }: RetryOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error, attempt)) throw error;
      const backoff =
        Math.min(BASE_MS * 2 ** attempt, CAP_MS) * (0.5 + Math.random() / 2);
      const wait = Math.max(error.retryAfterMs ?? 0, backoff);
      if (Date.now() + wait > untilMs) throw error;
      onRetry?.(error, wait);
      await sleep(wait, undefined, { signal }).catch(() => {
        throw new RolloutError(
          'ABORTED',
          'aborted while waiting to try again',
          { cause: error },
        );
      });
    }
  }
}

function isPassing(error: unknown, attempt: number): error is ClusterError {
  if (!(error instanceof ClusterError)) return false;
  switch (error.code) {
    case 'UNREACHABLE':
    case 'THROTTLED':
      return true;
    case 'SERVER_ERROR':
      return attempt < MAX_SERVER_ERRORS;
    case 'CONFLICT':
      // Ownership does not settle itself, nor does another UID; a race for one version does.
      return (
        error.conflicts.length === 0 &&
        /object has been modified|Operation cannot be fulfilled on resourcequotas/.test(
          error.message,
        ) &&
        attempt < MAX_SERVER_ERRORS
      );
    default:
      return false;
  }
}
