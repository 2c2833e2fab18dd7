import {
  condition,
  failed,
  inProgress,
  ReadinessRule,
  ready,
} from './readiness';

/** Ready when running and ready, or when done if it may be done. */
export const pod: ReadinessRule = object => {
  const { spec, status = {} } = object;
  switch (status.phase) {
    case 'Failed':
      return failed(
        status.reason ?? 'PodFailed',
        status.message ?? 'the pod failed',
      );
    case 'Succeeded':
      return (spec?.restartPolicy ?? 'Always') === 'Always'
        ? inProgress('its containers ended and are to be started again')
        : ready('ran to its end');
    case 'Running':
      return condition(object, 'Ready')?.status === 'True'
        ? ready('running and ready', { available: 1 })
        : inProgress('running, not ready');
    default:
      return inProgress(
        status.phase ? `phase ${status.phase}` : 'not yet seen by a node',
      );
  }
};
