import type { Response } from 'undici';
import { startDeadline } from './deadline';
import { printableUrl, SafeFetchError } from './errors';
import {
  codedError,
  discard,
  guardedFetch,
  tooLargeError,
} from './guardedFetch';
import type { SafeFetchPolicy } from './policy';
import { withDefaults } from './policy';
import { checkUrl } from './urlRules';

/**
 * One request.
 *
 * @public
 */
export interface SafeFetchInit {
  /** Default `GET`. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Deadline of this request in milliseconds, from name lookup to the last byte; the policy's by default. */
  timeoutMs?: number;
  /** Cap on this answer's body in bytes; the policy's by default. */
  maxBytes?: number;
  /**
   * Media types of which a success (2xx) answer must be one, without parameters: `['application/json']`. A suffix
   * matches as `+json`. Anything by default.
   */
  contentTypes?: string[];
  signal?: AbortSignal;
}

/**
 * One answer, read whole.
 *
 * @public
 */
export interface SafeFetchResponse {
  /** HTTP status; any but a redirect. Whether 404 is an error is the caller's to say. */
  status: number;
  headers: Headers;
  /** The body's bytes as sent, at most the cap. */
  body: Uint8Array;
  /** The URL asked, normalised; never another, since redirects are refused. */
  url: string;
}

/**
 * Sends one request under a policy and reads the answer whole.
 *
 * @throws SafeFetchError with any of its codes
 *
 * @public
 */
export type SafeFetch = (
  url: string | URL,
  init?: SafeFetchInit,
) => Promise<SafeFetchResponse>;

/**
 * A client for whole documents under a policy. Connections are pooled within the client, so make one and keep it.
 *
 * @example
 * ```ts
 * const safeFetch = createSafeFetch({});
 * const { status, body } = await safeFetch('https://tools.example.org/.well-known/did.json', {
 *   maxBytes: 64 * 1024,
 *   contentTypes: ['application/json', '+json'],
 * });
 * ```
 *
 * @public
 */
export function createSafeFetch(policy: SafeFetchPolicy = {}): SafeFetch {
  const full = withDefaults(policy);
  const send = guardedFetch(full);

  return async (input, init = {}) => {
    const url = checkUrl(input, full);
    const timeoutMs = init.timeoutMs ?? full.timeoutMs;
    const maxBytes = init.maxBytes ?? full.maxBytes;
    const deadline = startDeadline(url, timeoutMs, init.signal);
    try {
      const response = await send(url, {
        method: init.method,
        headers: init.headers,
        body: init.body,
        signal: deadline.signal,
        maxBytes,
      });
      try {
        checkContentType(response, url, init.contentTypes);
        return {
          status: response.status,
          headers: new Headers([...response.headers]),
          body: await readBody(response, url, maxBytes),
          url: url.href,
        };
      } catch (error) {
        await discard(response);
        throw codedError(error, url, deadline.signal, timeoutMs);
      }
    } finally {
      deadline.release();
    }
  };
}

async function readBody(
  response: Response,
  url: URL,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw tooLargeError(url, maxBytes);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

function checkContentType(
  response: Response,
  url: URL,
  contentTypes: string[] | undefined,
): void {
  if (!contentTypes || !response.ok) {
    return;
  }
  const type = (response.headers.get('content-type') ?? '')
    .split(';')[0]
    .trim()
    .toLowerCase();
  const matches = contentTypes.some(wanted =>
    wanted.startsWith('+') ? type.endsWith(wanted) : type === wanted,
  );
  if (!matches) {
    throw new SafeFetchError(
      'BAD_CONTENT_TYPE',
      `${printableUrl(url)} answers with type ${JSON.stringify(
        type,
      )}. Serve it as ${contentTypes.join(' or ')}.`,
    );
  }
}
