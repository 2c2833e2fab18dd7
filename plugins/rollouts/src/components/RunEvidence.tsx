import {
  formatObjectRef,
  type Evidence,
} from '@agentyard/plugin-rollouts-common';
import { Text } from '@backstage/ui';
import styles from './RunEvidence.module.css';
import { useTexts } from './useRollouts';

/** What decided the verdict: where, for what reason, in which words of the cluster. */
export function RunEvidence({ evidence }: { evidence: Evidence[] }) {
  const t = useTexts();
  return (
    <div>
      <Text as="h3" weight="bold">
        {t('run.evidence')}
      </Text>
      <ul className={styles.list}>
        {evidence.map((item, index) => (
          <li key={index} className={styles.item}>
            <span className={styles.where}>
              {[formatObjectRef(item.object), item.pod, item.container]
                .filter(Boolean)
                .join(' › ')}
            </span>
            <span>
              <code>{item.reason}</code>
              {item.exitCode !== undefined &&
                ` · ${t('run.exitCode', { code: String(item.exitCode) })}`}
              {!!item.restarts &&
                ` · ${t('object.restarts', { count: item.restarts })}`}
              {item.field && ` · ${item.field}`}
            </span>
            <span className={styles.message}>{item.message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
