import { useCallback, useEffect, useRef, useState } from 'react';
import { type Answer, failedAnswer } from './answer';

/**
 * Asks a backend, keeps the answer fresh, and says what became of it.
 *
 * A refresh that fails leaves the last good answer in place and marks it as stale. The question is asked anew whenever
 * one of `inputs` changes, and every `refreshMs` while the page is visible.
 *
 * @example
 * ```tsx
 * const { answer, ask } = useAnswer(signal => client.getCatalog(id, { signal }), [client, id], { refreshMs: 10_000 });
 * ```
 *
 * @public
 */
export function useAnswer<T>(
  question: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  options: { refreshMs?: number } = {},
): {
  answer: Answer<T>;
  /** Asks again now. */
  ask: () => void;
} {
  const { refreshMs } = options;
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  const latest = useRef(question);
  latest.current = question;

  const ask = useCallback(() => setRound(n => n + 1), []);

  useEffect(() => {
    setAnswer({ state: 'loading' });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, inputs);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    latest
      .current(controller.signal)
      .then(
        value => {
          if (!controller.signal.aborted) setAnswer({ state: 'ready', value });
        },
        error => {
          if (controller.signal.aborted) return;
          const failed = failedAnswer(error);
          setAnswer(before =>
            before.state === 'ready' && failed.state === 'unreachable'
              ? { ...before, stale: failed.error }
              : failed,
          );
        },
      )
      .finally(() => {
        if (!refreshMs || controller.signal.aborted) return;
        timer = setTimeout(function next() {
          // A page that nobody looks at asks nothing.
          if (document.hidden) timer = setTimeout(next, refreshMs);
          else ask();
        }, refreshMs);
      });
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [round, refreshMs, ask, ...inputs]);

  return { answer, ask };
}
