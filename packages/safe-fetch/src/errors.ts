/**
 * Why a request was refused or failed.
 *
 * - `INVALID_URL`: not an absolute http(s) URL, or user info in it
 * - `INSECURE_URL`: http where https is demanded
 * - `SSRF_BLOCKED`: an address, port or host that the policy does not allow
 * - `REDIRECT_REFUSED`: the server answered with a redirect
 * - `TIMEOUT`: the deadline passed (name lookup, connecting, waiting and reading together)
 * - `TOO_LARGE`: body or headers beyond the cap
 * - `BAD_CONTENT_TYPE`: a success answer of a type that was not asked for
 * - `BAD_CONTENT_ENCODING`: a compressed body, though identity was asked for
 * - `UNREACHABLE`: no such name, no connection, bad certificate, connection lost
 * - `ABORTED`: the caller's signal fired
 *
 * @public
 */
export type SafeFetchErrorCode =
  | 'INVALID_URL'
  | 'INSECURE_URL'
  | 'SSRF_BLOCKED'
  | 'REDIRECT_REFUSED'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'BAD_CONTENT_TYPE'
  | 'BAD_CONTENT_ENCODING'
  | 'UNREACHABLE'
  | 'ABORTED';

/**
 * The one error that both clients of this package throw. The message says what was wrong, where and what to do; it holds
 * the URL without user info, query and fragment, since these may carry secrets.
 *
 * @public
 */
export class SafeFetchError extends Error {
  /** Stable code; decide by this, never by the message. */
  readonly code: SafeFetchErrorCode;

  constructor(
    code: SafeFetchErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SafeFetchError';
    this.code = code;
  }
}

/** The URL as it may appear in messages: origin and path only. */
export function printableUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
