import type { HealthState } from '@agentyard/plugin-tool-registry-common';
import { Status, type StatusTone } from '@agentyard/react';
import { useTexts } from './useRegistry';

const tones: Record<HealthState, StatusTone> = {
  healthy: 'good',
  degraded: 'warning',
  unauthorized: 'warning',
  unreachable: 'bad',
  unknown: 'unknown',
};

/** A server's health in a word. */
export function HealthStatus({ state }: { state: HealthState }) {
  const t = useTexts();
  return <Status tone={tones[state]}>{t(`health.${state}`)}</Status>;
}
