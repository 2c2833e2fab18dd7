import type { RunSummary } from '@agentyard/plugin-rollouts-common';
import { Text } from '@backstage/ui';
import styles from './Progress.module.css';
import { useTexts } from './useRollouts';

/** How many of a run's objects are ready, as a bar and in words. */
export function Progress({ progress }: Pick<RunSummary, 'progress'>) {
  const t = useTexts();
  const { ready, failed, total } = progress;
  const text = t('runs.progress', {
    ready: String(ready),
    total: String(total),
  });
  const share = (count: number) => `${(100 * count) / Math.max(total, 1)}%`;
  return (
    <div className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={ready}
      >
        <div className={styles.ready} style={{ width: share(ready) }} />
        <div className={styles.failed} style={{ width: share(failed) }} />
      </div>
      <Text color="secondary">{text}</Text>
    </div>
  );
}
