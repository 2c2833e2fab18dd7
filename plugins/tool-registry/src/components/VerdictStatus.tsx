import type { VerdictStatus as Verdict } from '@agentyard/plugin-tool-registry-common';
import { Status, type StatusTone } from '@agentyard/react';
import { useTexts } from './useRegistry';

const tones: Record<Verdict, StatusTone> = {
  verified: 'good',
  unverified: 'unknown',
  refused: 'bad',
  unreachable: 'warning',
};

/** A catalog's verdict in a word. */
export function VerdictStatus({ status }: { status: Verdict }) {
  const t = useTexts();
  return <Status tone={tones[status]}>{t(`verdict.${status}`)}</Status>;
}
