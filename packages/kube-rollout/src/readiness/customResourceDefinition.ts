import {
  condition,
  failed,
  inProgress,
  ReadinessRule,
  ready,
} from './readiness';

/** Ready when established; discovery is asked anew before its first object is applied. */
export const customResourceDefinition: ReadinessRule = object => {
  const names = condition(object, 'NamesAccepted');
  if (names?.status === 'False') {
    return failed(
      names.reason ?? 'NamesNotAccepted',
      names.message ?? 'its names are taken',
    );
  }
  return condition(object, 'Established')?.status === 'True'
    ? ready('established')
    : inProgress('not established yet');
};
