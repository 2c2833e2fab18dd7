import {
  afterGrace,
  condition,
  failed,
  inProgress,
  ReadinessRule,
  ready,
} from './readiness';

/** Ready when as many pods as wanted carry the labels, are ready and are available. */
export const replicaSet: ReadinessRule = (
  object,
  { policy, now, appliedAt },
) => {
  const wanted = object.spec?.replicas ?? 1;
  const {
    replicas = 0,
    fullyLabeledReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
  } = object.status ?? {};
  const refusal = condition(object, 'ReplicaFailure');
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
  const counts = [
    replicas,
    fullyLabeledReplicas,
    readyReplicas,
    availableReplicas,
  ];
  const message = `${availableReplicas} of ${wanted} pods available`;
  return counts.every(count => count === wanted)
    ? ready(message, { available: availableReplicas })
    : inProgress(message, { available: availableReplicas, recheckAt });
};
