import { inProgress, ReadinessRule, ready } from './readiness';

/**
 * Ready when every pod from the partition on has the update revision and all are ready and available. Ordinals are
 * replaced from the highest down, so the count of updated pods says which ones they are, whatever `ordinals.start` is.
 */
export const statefulSet: ReadinessRule = ({ spec, status = {} }) => {
  const wanted = spec?.replicas ?? 1;
  const {
    updatedReplicas = 0,
    readyReplicas = 0,
    currentRevision,
    updateRevision,
  } = status;
  // Servers since 1.22 report availability; absent means none.
  const available = status.availableReplicas ?? 0;
  const progress = { available: Math.min(updatedReplicas, available) };

  if (spec?.updateStrategy?.type === 'OnDelete' && updatedReplicas < wanted) {
    return ready(
      `applied; ${wanted - updatedReplicas} pods await their restart by hand`,
      {
        warning:
          'OnDelete: pods take the new revision only when somebody deletes them',
      },
    );
  }
  const start = spec?.ordinals?.start ?? 0;
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const toUpdate = Math.max(
    0,
    Math.min(wanted, start + wanted - Math.max(partition, start)),
  );
  if (updatedReplicas < toUpdate) {
    return inProgress(
      `${updatedReplicas} of ${toUpdate} pods updated`,
      progress,
    );
  }
  if (
    readyReplicas !== wanted ||
    available !== wanted ||
    (status.replicas ?? 0) !== wanted
  ) {
    return inProgress(`${available} of ${wanted} pods available`, progress);
  }
  if (toUpdate === wanted && wanted > 0 && currentRevision !== updateRevision) {
    return inProgress('the last pod is being exchanged', progress);
  }
  return ready(
    toUpdate === wanted
      ? `${wanted} of ${wanted} pods available`
      : `${toUpdate} of ${wanted} pods updated, as the partition says; all available`,
    progress,
  );
};
