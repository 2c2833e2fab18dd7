import type { Response as UndiciResponse } from 'undici';
import type { Deadline } from './deadline';
import { startDeadline } from './deadline';
import { codedError, guardedFetch, tooLargeError } from './guardedFetch';
import type { GuardedRequest } from './guardedFetch';
import type { FullPolicy, SafeFetchPolicy } from './policy';
import { withDefaults } from './policy';
import { checkUrl } from './urlRules';

/**
 * The part of WHATWG `fetch` that libraries such as the MCP SDK need.
 *
 * @public
 */
export type SafeWebFetch = (
  url: string | URL,
  init?: RequestInit,
) => Promise<Response>;

/**
 * A `fetch` under the policy's address rules whose answers stream (SSE). The deadline covers the time up to the answer's
 * headers; how long a stream may live is for the caller's `signal` to say. The cap counts all bytes of the stream.
 *
 * Throws {@link SafeFetchError} where `fetch` would throw `TypeError`, and the signal's reason where the caller aborts.
 *
 * @example
 * ```ts
 * const fetch = createSafeWebFetch({ allowLoopback: true });
 * new StreamableHTTPClientTransport(url, { fetch });
 * ```
 *
 * @public
 */
export function createSafeWebFetch(policy: SafeFetchPolicy = {}): SafeWebFetch {
  const full = withDefaults(policy);
  const send = guardedFetch(full);

  return async (input, init = {}) => {
    const url = checkUrl(input, full);
    const deadline = startDeadline(url, full.timeoutMs, init.signal);
    try {
      const response = await send(url, {
        method: init.method,
        headers: init.headers,
        body: init.body as GuardedRequest['body'],
        signal: deadline.signal,
        maxBytes: full.maxBytes,
      });
      deadline.stopClock();
      return answer(
        response,
        boundedBody(response, url, full, deadline, init.signal),
      );
    } catch (error) {
      deadline.release();
      throw init.signal?.aborted ? init.signal.reason : error;
    }
  };
}

/** The answer as one of the runtime's own `Response`s, for code that asks `instanceof`. */
function answer(
  response: UndiciResponse,
  body: ReadableStream<Uint8Array> | null,
): Response {
  const copy = new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
  });
  Object.defineProperty(copy, 'url', { value: response.url });
  return copy;
}

/** Passes the body on piece by piece, at most as many bytes as the policy allows. */
function boundedBody(
  response: UndiciResponse,
  url: URL,
  policy: FullPolicy,
  deadline: Deadline,
  callerSignal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array> | null {
  if (!response.body) {
    deadline.release();
    return null;
  }
  const reader = response.body.getReader();
  let length = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          deadline.release();
          controller.close();
          return;
        }
        length += value.byteLength;
        if (length > policy.maxBytes) {
          throw tooLargeError(url, policy.maxBytes);
        }
        controller.enqueue(value);
      } catch (error) {
        deadline.release();
        controller.error(
          callerSignal?.aborted
            ? callerSignal.reason
            : codedError(error, url, deadline.signal, policy.timeoutMs),
        );
        await reader.cancel().catch(() => {});
      }
    },
    async cancel(reason) {
      deadline.release();
      await reader.cancel(reason);
    },
  });
}
