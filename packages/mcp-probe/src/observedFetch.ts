import { SafeFetchError, type SafeWebFetch } from '@agentyard/safe-fetch';

/** A fetch that ends with the probe and remembers what happened below the SDK, which reports it in words only. */
export interface ObservedFetch {
  fetch: SafeWebFetch;
  /** HTTP statuses in the order in which they came. */
  readonly statuses: number[];
  /** What kept the last request from being answered at all. */
  lastFailure(): SafeFetchError | undefined;
}

export function observeFetch(
  fetch: SafeWebFetch,
  deadline: AbortSignal,
): ObservedFetch {
  const statuses: number[] = [];
  let failure: SafeFetchError | undefined;
  return {
    statuses,
    lastFailure: () => failure,
    async fetch(url, init = {}) {
      const signal = init.signal
        ? AbortSignal.any([init.signal, deadline])
        : deadline;
      try {
        const response = await fetch(url, { ...init, signal });
        failure = undefined;
        statuses.push(response.status);
        return response;
      } catch (error) {
        if (error instanceof SafeFetchError) failure = error;
        throw error;
      }
    },
  };
}
