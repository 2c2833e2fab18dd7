import type {
  RunObjectState,
  RunState,
} from '@agentyard/plugin-rollouts-common';
import { Status, type StatusTone } from '@agentyard/react';
import { useTexts } from './useRollouts';

const runTones: Record<RunState, StatusTone> = {
  pending: 'busy',
  applying: 'busy',
  pruning: 'busy',
  'rolling-back': 'busy',
  succeeded: 'good',
  'rolled-back': 'warning',
  'needs-attention': 'bad',
  failed: 'bad',
  aborted: 'warning',
};

/** A run's state in a word. */
export function RunStatus({ state }: { state: RunState }) {
  const t = useTexts();
  return <Status tone={runTones[state]}>{t(`state.${state}`)}</Status>;
}

const objectTones: Record<RunObjectState, StatusTone> = {
  waiting: 'unknown',
  applied: 'busy',
  'in-progress': 'busy',
  paused: 'warning',
  ready: 'good',
  failed: 'bad',
  pruned: 'good',
  kept: 'good',
};

/** An object's state in a word. */
export function ObjectStatus({ state }: { state: RunObjectState }) {
  const t = useTexts();
  return <Status tone={objectTones[state]}>{t(`object.${state}`)}</Status>;
}
