/**
 * What became of a question to a backend. Empty, loading, unreachable and forbidden are four different things; so is
 * something that does not exist.
 *
 * @public
 */
export type Answer<T> =
  | { state: 'loading' }
  | {
      state: 'ready';
      value: T;
      /** Why the last refresh failed, while the value is still the one before; absent when it is fresh. */
      stale?: Error;
    }
  | { state: 'forbidden'; error: Error }
  | { state: 'missing'; error: Error }
  | { state: 'unreachable'; error: Error };

/**
 * Says which state a failed request stands for: 401 and 403 are forbidden, 404 is missing, and everything else means
 * that no answer could be had.
 *
 * @param error - what the client threw; a `ResponseError` of `@backstage/errors` tells its status
 * @public
 */
export function failedAnswer(
  error: unknown,
): Exclude<Answer<never>, { state: 'loading' | 'ready' }> {
  const known = error instanceof Error ? error : new Error(String(error));
  const status = (known as { statusCode?: number }).statusCode;
  if (status === 401 || status === 403) {
    return { state: 'forbidden', error: known };
  }
  if (status === 404) return { state: 'missing', error: known };
  return { state: 'unreachable', error: known };
}
