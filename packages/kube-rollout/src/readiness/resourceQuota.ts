import { canonical } from '../canonical';
import { inProgress, ReadinessRule, ready } from './readiness';

/** Ready when the controller has taken over the limits; until then pods slip past or are refused at random. */
export const resourceQuota: ReadinessRule = ({ spec, status }) =>
  canonical(status?.hard ?? {}) === canonical(spec?.hard ?? {})
    ? ready('in force')
    : inProgress('not in force yet');
