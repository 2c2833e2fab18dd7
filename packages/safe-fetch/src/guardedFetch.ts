import { fetch as undiciFetch } from 'undici';
import type { RequestInit as UndiciRequestInit, Response } from 'undici';
import { timeoutError } from './deadline';
import { printableUrl, SafeFetchError } from './errors';
import { guardedAgent } from './guardedAgent';
import type { FullPolicy } from './policy';
import { checkUrl } from './urlRules';

/** Request headers that could carry a session or change what the server may send. */
const refusedHeaders = ['cookie', 'accept-encoding', 'host'];

export interface GuardedRequest {
  method?: string;
  headers?: HeadersInit;
  body?: UndiciRequestInit['body'];
  /** Fires with the error to throw. */
  signal: AbortSignal;
  /** A longer declared length is refused before the body is read. */
  maxBytes: number;
}

/**
 * One request under the policy, up to the answer's headers; the base of both clients. Redirects and encoded bodies are
 * refused here, errors get their codes here.
 */
export type GuardedFetch = (
  url: URL,
  request: GuardedRequest,
) => Promise<Response>;

export function guardedFetch(policy: FullPolicy): GuardedFetch {
  const dispatcher = guardedAgent(policy);

  return async (input, { method, body, signal, maxBytes, ...request }) => {
    const url = checkUrl(input, policy);
    const headers = new Headers(request.headers);
    refusedHeaders.forEach(name => headers.delete(name));
    headers.set('accept-encoding', 'identity');

    let response: Response;
    try {
      response = await undiciFetch(url, {
        method,
        body,
        signal,
        headers: [...headers],
        dispatcher,
        redirect: 'manual',
      });
    } catch (error) {
      throw codedError(error, url, signal, policy.timeoutMs);
    }

    const refusal =
      redirectRefusal(response, url) ??
      encodingRefusal(response, url) ??
      (method === 'HEAD' ? undefined : lengthRefusal(response, url, maxBytes));
    if (refusal) {
      await discard(response);
      throw refusal;
    }
    return response;
  };
}

/** Lets go of a body that nobody will read, so that its connection is freed. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

/** Gives an error of undici or of Node's network modules its code; ours and the fired signal's pass as they are. */
export function codedError(
  error: unknown,
  url: URL,
  signal: AbortSignal,
  timeoutMs: number,
): SafeFetchError {
  if (signal.aborted) {
    return signal.reason;
  }
  // fetch wraps what went wrong in a TypeError
  let cause = error;
  while (cause instanceof TypeError && cause.cause) {
    cause = cause.cause;
  }
  if (cause instanceof SafeFetchError) {
    return cause;
  }
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return timeoutError(url, timeoutMs, cause);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new SafeFetchError(
      'TOO_LARGE',
      `${printableUrl(url)} answers with oversized headers.`,
      { cause },
    );
  }
  return new SafeFetchError(
    'UNREACHABLE',
    `${printableUrl(url)} cannot be reached (${
      code ?? (cause instanceof Error ? cause.message : 'connection failed')
    }). Check that it runs and that its certificate is valid.`,
    { cause },
  );
}

export function tooLargeError(url: URL, maxBytes: number): SafeFetchError {
  return new SafeFetchError(
    'TOO_LARGE',
    `${printableUrl(
      url,
    )} sends more than the ${maxBytes} bytes that are allowed.`,
  );
}

function redirectRefusal(
  response: Response,
  url: URL,
): SafeFetchError | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) {
    return undefined;
  }
  return new SafeFetchError(
    'REDIRECT_REFUSED',
    `${printableUrl(url)} redirects (${
      response.status
    }); redirects are not followed. Give the final URL.`,
  );
}

function encodingRefusal(
  response: Response,
  url: URL,
): SafeFetchError | undefined {
  const encoding = response.headers.get('content-encoding');
  if (!encoding || encoding.toLowerCase() === 'identity') {
    return undefined;
  }
  return new SafeFetchError(
    'BAD_CONTENT_ENCODING',
    `${printableUrl(
      url,
    )} answers compressed, though identity was asked for. Serve it uncompressed.`,
  );
}

function lengthRefusal(
  response: Response,
  url: URL,
  maxBytes: number,
): SafeFetchError | undefined {
  const declared = Number(response.headers.get('content-length') ?? 0);
  return declared > maxBytes ? tooLargeError(url, maxBytes) : undefined;
}
