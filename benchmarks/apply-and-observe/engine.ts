import {
  Cluster,
  createPlan,
  driveRun,
  memoryRunStore,
  parseManifests,
  startRun,
} from '@agentyard/kube-rollout';
import { KubeConfig } from '@kubernetes/client-node';
import type { Subject } from './subject';

/**
 * The rollout engine with all its verdict work on. The plan was made, and approved, before: what is measured begins
 * where `kubectl apply` begins and ends with the verdict.
 */
export function engine(kubeconfig: string): Subject {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  const cluster = Cluster.fromKubeConfig(kubeConfig, { name: 'benchmark' });
  return {
    name: 'kube-rollout',
    userAgent: 'agentyard-rollout/',
    prepare: async (namespace, items) => {
      const store = memoryRunStore();
      const plan = await createPlan({
        cluster,
        store,
        target: { cluster: cluster.name, namespace, name: 'load' },
        objects: parseManifests(
          items.map(item => JSON.stringify(item)).join('\n---\n'),
        ),
      });
      return async () => {
        const { id } = await startRun({ store, plan, digest: plan.digest });
        const run = await driveRun(id, { store, cluster });
        if (run.state !== 'succeeded') {
          throw new Error(
            `the run ended ${run.state}: ${JSON.stringify(run.evidence)}`,
          );
        }
      };
    },
    close: () => cluster.close(),
  };
}
