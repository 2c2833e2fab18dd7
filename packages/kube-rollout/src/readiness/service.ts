import { inProgress, ReadinessRule, ready } from './readiness';

/** Annotation, value `"true"`: do not wait for the load balancer's address. */
export const SKIP_LOAD_BALANCER = 'agentyard.dev/skip-load-balancer';

/** Ready with its cluster IP; a LoadBalancer also needs an address outside. */
export const service: ReadinessRule = ({ metadata, spec, status }) => {
  if (spec?.type === 'ExternalName') return ready('accepted');
  if (!spec?.clusterIP) return inProgress('no cluster IP yet');
  if (
    spec.type === 'LoadBalancer' &&
    metadata.annotations?.[SKIP_LOAD_BALANCER] !== 'true' &&
    !status?.loadBalancer?.ingress?.length
  ) {
    return inProgress("waits for the load balancer's address");
  }
  return ready(spec.clusterIP === 'None' ? 'headless' : `at ${spec.clusterIP}`);
};
