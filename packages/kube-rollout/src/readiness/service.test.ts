import { CONTEXT, live } from '../testing/objects';
import { service } from './service';

const look = (spec: any, status: any, metadata = {}) =>
  service(live('v1', 'Service', { spec, status, metadata }), CONTEXT);

describe('Service', () => {
  const balanced = { type: 'LoadBalancer', clusterIP: '10.0.0.7' };

  it.each([
    ['has its cluster IP', { clusterIP: '10.0.0.7' }, {}, 'ready'],
    ['headless', { clusterIP: 'None' }, {}, 'ready'],
    ['no address yet', {}, {}, 'in-progress'],
    ['a name elsewhere', { type: 'ExternalName' }, {}, 'ready'],
    [
      'load balancer without address',
      balanced,
      { loadBalancer: {} },
      'in-progress',
    ],
    [
      'load balancer with address',
      balanced,
      { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
      'ready',
    ],
  ])('%s', (_, spec, status, state) => {
    expect(look(spec, status)).toMatchObject({ state });
  });

  it('does not wait for the load balancer where that is not wanted', () => {
    const annotations = { 'agentyard.dev/skip-load-balancer': 'true' };
    expect(look(balanced, {}, { annotations }).state).toBe('ready');
  });
});
