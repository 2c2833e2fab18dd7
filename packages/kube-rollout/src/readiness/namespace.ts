import { inProgress, ReadinessRule, ready } from './readiness';

/** Ready when active; a terminating one is settled before, as any object on its way out. */
export const namespace: ReadinessRule = ({ status }) =>
  status?.phase === 'Active' ? ready('active') : inProgress('not active yet');
