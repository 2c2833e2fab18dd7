import { SafeFetchError, printableUrl } from './errors';

/** A running clock, joined with the caller's signal. */
export interface Deadline {
  /** Fires with the error to throw: TIMEOUT or ABORTED. */
  signal: AbortSignal;
  /** Stops the clock; the caller's signal goes on to act. */
  stopClock(): void;
  /** Stops the clock and lets go of the caller's signal. */
  release(): void;
}

/** Starts the clock of one request. */
export function startDeadline(
  url: URL,
  timeoutMs: number,
  callerSignal?: AbortSignal | null,
): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(timeoutError(url, timeoutMs)),
    timeoutMs,
  );
  const onAbort = () =>
    controller.abort(
      new SafeFetchError(
        'ABORTED',
        `The request to ${printableUrl(url)} was given up by its caller.`,
        { cause: callerSignal?.reason },
      ),
    );
  if (callerSignal?.aborted) {
    onAbort();
  } else {
    callerSignal?.addEventListener('abort', onAbort, { once: true });
  }
  const stopClock = () => clearTimeout(timer);
  return {
    signal: controller.signal,
    stopClock,
    release() {
      stopClock();
      callerSignal?.removeEventListener('abort', onAbort);
    },
  };
}

export function timeoutError(
  url: URL,
  timeoutMs: number,
  cause?: unknown,
): SafeFetchError {
  return new SafeFetchError(
    'TIMEOUT',
    `${printableUrl(
      url,
    )} did not answer within ${timeoutMs} ms. Try again later, or allow more time.`,
    { cause },
  );
}
