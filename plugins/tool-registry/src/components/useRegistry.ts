import { useApi } from '@backstage/core-plugin-api';
import {
  type TranslationFunction,
  useTranslationRef,
} from '@backstage/core-plugin-api/alpha';
import { TOOL_REGISTRY_CHANGED_CHANNEL } from '@agentyard/plugin-tool-registry-common';
import type { ToolRegistryApi } from '@agentyard/plugin-tool-registry-common';
import { useAnswer } from '@agentyard/react';
import { useSignal } from '@backstage/plugin-signals-react';
import { useEffect } from 'react';
import { toolRegistryApiRef } from '../api';
import { toolRegistryTranslationRef } from '../translation';

/** The pages' texts. */
export function useTexts(): TranslationFunction<
  typeof toolRegistryTranslationRef.T
> {
  return useTranslationRef(toolRegistryTranslationRef).t;
}

/** Asks the registry, again whenever it says that something changed, and every half minute in case it cannot say so. */
export function useRegistry<T>(
  question: (api: ToolRegistryApi, signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[] = [],
) {
  const api = useApi(toolRegistryApiRef);
  const asked = useAnswer(signal => question(api, signal), [api, ...inputs], {
    refreshMs: 30_000,
  });
  const { lastSignal } = useSignal(TOOL_REGISTRY_CHANGED_CHANNEL);
  const { ask } = asked;
  useEffect(() => {
    if (lastSignal) ask();
  }, [lastSignal, ask]);
  return asked;
}
