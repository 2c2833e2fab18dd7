import { levelsOf } from './levels';

describe('order of application', () => {
  it('puts what others need first, whatever the order given', () => {
    const objects = [
      ['apps/v1', 'Deployment'],
      ['v1', 'Service'],
      ['v1', 'ConfigMap'],
      ['networking.k8s.io/v1', 'Ingress'],
      ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
      ['v1', 'Namespace'],
      ['rbac.authorization.k8s.io/v1', 'Role'],
      ['autoscaling/v2', 'HorizontalPodAutoscaler'],
      ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
      ['v1', 'ResourceQuota'],
    ].map(([apiVersion, kind]) => ({ apiVersion, kind }));
    const levels = levelsOf(objects);
    const sorted = objects
      .map(({ kind }, i) => [levels[i], kind] as const)
      .sort(([a], [b]) => a - b);
    expect(sorted.map(([, kind]) => kind)).toEqual([
      'Namespace',
      'ResourceQuota',
      'CustomResourceDefinition',
      'Role',
      'ConfigMap',
      'Service',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'ValidatingWebhookConfiguration',
    ]);
  });

  it('leaves no gaps, and puts unknown kinds with the workloads', () => {
    expect(
      levelsOf([
        { apiVersion: 'v1', kind: 'ConfigMap' },
        { apiVersion: 'v1', kind: 'Secret' },
      ]),
    ).toEqual([0, 0]);
    expect(
      levelsOf([
        { apiVersion: 'example.com/v1', kind: 'Widget' },
        { apiVersion: 'apps/v1', kind: 'StatefulSet' },
        { apiVersion: 'v1', kind: 'Service' },
      ]),
    ).toEqual([1, 1, 0]);
  });
});
