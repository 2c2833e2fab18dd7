import type { RunEvent } from '@agentyard/plugin-rollouts-common';
import { Text } from '@backstage/ui';
import styles from './RunLog.module.css';
import { useTexts } from './useRollouts';

/** What happened, line by line, newest last. */
export function RunLog({ events }: { events: RunEvent[] }) {
  const t = useTexts();
  if (events.length === 0) {
    return (
      <Text as="p" color="secondary">
        {t('run.logNone')}
      </Text>
    );
  }
  return (
    <ol className={styles.log}>
      {events.map(event => (
        <li key={event.seq} className={styles[event.level]}>
          <time dateTime={event.at} className={styles.time}>
            {new Date(event.at).toLocaleTimeString()}
          </time>
          <span>{event.message}</span>
        </li>
      ))}
    </ol>
  );
}
