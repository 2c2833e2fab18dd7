import { condition, inProgress, ReadinessRule, ready } from './readiness';

/**
 * The rule for every kind that has none of its own: its `Ready` condition. Without any status it waits
 * through a grace, since "no status yet" would let what depends on it start too early.
 */
export const customResource: ReadinessRule = (
  object,
  { policy, now, appliedAt },
) => {
  const found = condition(object, 'Ready');
  if (found) {
    if (
      found.observedGeneration !== undefined &&
      found.observedGeneration < (object.metadata.generation ?? 0)
    ) {
      return inProgress('its Ready condition is about an older version');
    }
    return found.status === 'True'
      ? ready(found.message || 'ready')
      : inProgress(found.message || 'not ready yet');
  }
  if (object.status && Object.keys(object.status).length)
    return ready('accepted; it has no Ready condition');
  const recheckAt = appliedAt + policy.statusGraceSeconds * 1000;
  return now >= recheckAt
    ? ready('accepted', {
        warning: `nothing has given it a status within ${policy.statusGraceSeconds} s`,
      })
    : inProgress('no status yet', { recheckAt });
};
