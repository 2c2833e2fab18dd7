import { inProgress, ReadinessRule, ready } from './readiness';

/** Ready when every node that should run a pod runs an available one of the new revision. */
export const daemonSet: ReadinessRule = ({ spec, status = {} }) => {
  const {
    desiredNumberScheduled: wanted = 0,
    updatedNumberScheduled: updated = 0,
    numberAvailable = 0,
  } = status;
  // Before the controller's first look all numbers are zero, which would look complete.
  if (!status.observedGeneration)
    return inProgress('not yet seen by its controller');
  if (wanted === 0) {
    return ready('no node wants a pod', {
      warning: 'no node matches: nothing runs',
    });
  }
  const progress = { available: Math.min(updated, numberAvailable) };
  if (spec?.updateStrategy?.type === 'OnDelete' && updated < wanted) {
    return ready(
      `applied; ${wanted - updated} pods await their restart by hand`,
      {
        warning:
          'OnDelete: pods take the new revision only when somebody deletes them',
      },
    );
  }
  if (updated < wanted)
    return inProgress(`${updated} of ${wanted} pods updated`, progress);
  if (numberAvailable < wanted)
    return inProgress(
      `${numberAvailable} of ${wanted} pods available`,
      progress,
    );
  return ready(`${wanted} of ${wanted} pods available`, progress);
};
