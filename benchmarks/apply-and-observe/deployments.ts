import type { KubeObject } from '@agentyard/kube-rollout';

/** Replicas of each Deployment. */
export const REPLICAS = 2;

/** The load: so many small Deployments in one namespace, the same for every subject. */
export function deployments(count: number, namespace: string): KubeObject[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `web-${String(i).padStart(4, '0')}`;
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        replicas: REPLICAS,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [
              {
                name: 'web',
                image: 'registry.example.org/web:1',
                ports: [{ containerPort: 8080 }],
                resources: { requests: { cpu: '10m', memory: '16Mi' } },
              },
            ],
          },
        },
      },
    };
  });
}
