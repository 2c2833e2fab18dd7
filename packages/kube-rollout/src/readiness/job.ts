import {
  condition,
  failed,
  inProgress,
  ReadinessRule,
  ready,
} from './readiness';

/** Annotation, value `"true"`: for this Job it is enough that it has started. */
export const STARTED_IS_ENOUGH = 'agentyard.dev/started-is-enough';

/** Ready when complete. A Job that merely runs has proved nothing. */
export const job: ReadinessRule = object => {
  const { spec, status = {} } = object;
  for (const type of ['Failed', 'FailureTarget']) {
    const found = condition(object, type);
    if (found?.status === 'True')
      return failed(found.reason ?? type, found.message ?? 'the Job failed');
  }
  const { succeeded = 0, active = 0 } = status;
  if (condition(object, 'Complete')?.status === 'True')
    return ready('complete', { available: succeeded });
  if (spec?.suspend)
    return { state: 'paused', message: 'the Job is suspended' };
  if (
    object.metadata.annotations?.[STARTED_IS_ENOUGH] === 'true' &&
    (status.ready ?? 0) > 0
  ) {
    return ready('started, which is enough here');
  }
  return inProgress(
    `${succeeded} of ${spec?.completions ?? 1} done, ${active} running`,
    { available: succeeded },
  );
};
