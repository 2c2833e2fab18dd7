import { useApi } from '@backstage/core-plugin-api';
import {
  type TranslationFunction,
  useTranslationRef,
} from '@backstage/core-plugin-api/alpha';
import {
  RUN_SIGNAL_CHANNEL,
  type RolloutsApi,
  type RunSignal,
} from '@agentyard/plugin-rollouts-common';
import { useAnswer } from '@agentyard/react';
import { useSignal } from '@backstage/plugin-signals-react';
import { useEffect } from 'react';
import { rolloutsApiRef } from '../api';
import { rolloutsTranslationRef } from '../translation';

/** The pages' texts. */
export function useTexts(): TranslationFunction<
  typeof rolloutsTranslationRef.T
> {
  return useTranslationRef(rolloutsTranslationRef).t;
}

/**
 * Asks the rollouts API, again whenever it says that a run changed, and every `refreshMs` in case it cannot say so.
 *
 * @param options.runId - only signals about this run count
 */
export function useRollouts<T>(
  question: (api: RolloutsApi, signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[] = [],
  options: { refreshMs?: number; runId?: string } = {},
) {
  const api = useApi(rolloutsApiRef);
  const { refreshMs = 10_000, runId } = options;
  const asked = useAnswer(signal => question(api, signal), [api, ...inputs], {
    refreshMs,
  });
  const { lastSignal } = useSignal<RunSignal>(RUN_SIGNAL_CHANNEL);
  const { ask } = asked;
  useEffect(() => {
    if (lastSignal && (!runId || lastSignal.runId === runId)) ask();
  }, [lastSignal, runId, ask]);
  return asked;
}
