import {
  formatObjectRef,
  type RunObject,
  type RunPod,
} from '@agentyard/plugin-rollouts-common';
import { Status } from '@agentyard/react';
import { Badge, Text } from '@backstage/ui';
import styles from './RunObjects.module.css';
import { ObjectStatus } from './RunStatus';
import { useTexts } from './useRollouts';

/** Objects with their state, and the pods of their new revision. */
export function RunObjects({ objects }: { objects: RunObject[] }) {
  const t = useTexts();
  return (
    <ul className={styles.objects}>
      {objects.map(object => (
        <li key={`${object.ref.apiVersion} ${formatObjectRef(object.ref)}`}>
          <div className={styles.row}>
            <span className={styles.name}>{formatObjectRef(object.ref)}</span>
            <Badge size="small">{t(`action.${object.action}`)}</Badge>
            <ObjectStatus state={object.state} />
          </div>
          {object.message && (
            <Text as="p" color="secondary">
              {object.message}
            </Text>
          )}
          {object.warning && (
            <Text as="p" color="warning">
              {object.warning}
            </Text>
          )}
          {object.pods.length > 0 && <Pods pods={object.pods} />}
        </li>
      ))}
    </ul>
  );
}

function Pods({ pods }: { pods: RunPod[] }) {
  const t = useTexts();
  return (
    <ul className={styles.pods} aria-label={t('object.pods')}>
      {pods.map(pod => (
        <li key={pod.name}>
          <span className={styles.name}>{pod.name}</span>
          <Status tone={podTone(pod)}>
            {pod.ready
              ? t('object.podReady')
              : pod.reason ?? t('object.podNotReady')}
          </Status>
          {pod.restarts > 0 && (
            <Text color="secondary">
              {t('object.restarts', { count: pod.restarts })}
            </Text>
          )}
          {pod.message && <Text color="secondary">{pod.message}</Text>}
        </li>
      ))}
    </ul>
  );
}

function podTone(pod: RunPod) {
  if (pod.ready) return 'good';
  return pod.reason ? 'bad' : 'busy';
}
