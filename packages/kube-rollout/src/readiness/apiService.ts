import { condition, inProgress, ReadinessRule, ready } from './readiness';

/** Ready when the server behind it answers. */
export const apiService: ReadinessRule = object => {
  const found = condition(object, 'Available');
  return found?.status === 'True'
    ? ready('available')
    : inProgress(found?.message ?? 'not available yet');
};
