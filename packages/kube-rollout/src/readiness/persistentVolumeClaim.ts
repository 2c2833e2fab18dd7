import { failed, ReadinessRule, ready } from './readiness';

/**
 * Ready when bound. A pending claim does not hold up the order either: with WaitForFirstConsumer it is bound only once
 * a pod wants it, and a pod that wants a claim nobody can bind is unschedulable and judged as such.
 */
export const persistentVolumeClaim: ReadinessRule = ({ status }) => {
  switch (status?.phase) {
    case 'Bound':
      return ready('bound');
    case 'Lost':
      return failed('ClaimLost', 'the volume behind the claim is lost');
    default:
      return ready('accepted', {
        warning:
          'not bound yet: it waits for its first consumer or for a provisioner',
      });
  }
};
