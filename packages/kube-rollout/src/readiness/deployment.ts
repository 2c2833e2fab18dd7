import {
  afterGrace,
  condition,
  failed,
  inProgress,
  ReadinessRule,
  ready,
} from './readiness';

/** Ready when all pods are of the new revision, none is left of the old, and all are available. */
export const deployment: ReadinessRule = (
  { spec, status = {}, ...object },
  { policy, now, appliedAt },
) => {
  const wanted = spec?.replicas ?? 1;
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
  const self = { ...object, status } as Parameters<ReadinessRule>[0];
  if (spec?.paused)
    return { state: 'paused', message: 'the Deployment is paused' };

  const progressing = condition(self, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return failed(
      'ProgressDeadlineExceeded',
      progressing.message ?? 'no progress in time',
    );
  }
  const refusal = condition(self, 'ReplicaFailure');
  let recheckAt: number | undefined;
  if (refusal?.status === 'True') {
    const grace = afterGrace(refusal, policy.replicaFailureGraceSeconds, {
      now,
      appliedAt,
    });
    if (grace.over)
      return failed(
        refusal.reason ?? 'ReplicaFailure',
        refusal.message ?? 'pods cannot be created',
      );
    recheckAt = grace.recheckAt;
  }
  // Pods of the old revision are available too: only what is surely new may count as progress.
  const available = Math.max(
    0,
    Math.min(updatedReplicas, availableReplicas - (replicas - updatedReplicas)),
  );
  if (updatedReplicas < wanted) {
    return inProgress(`${updatedReplicas} of ${wanted} pods updated`, {
      available,
      recheckAt,
    });
  }
  if (replicas > updatedReplicas) {
    return inProgress(`${replicas - updatedReplicas} old pods still to go`, {
      available,
      recheckAt,
    });
  }
  if (availableReplicas < wanted || replicas !== wanted) {
    return inProgress(`${availableReplicas} of ${wanted} pods available`, {
      available,
      recheckAt,
    });
  }
  return ready(`${wanted} of ${wanted} pods available`, { available });
};
