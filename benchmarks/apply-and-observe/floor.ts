import type { KubeObject } from '@agentyard/kube-rollout';
import { Api } from './api';
import type { Subject } from './subject';

const CONNECTIONS = 16;

/**
 * The least that can be done: one server-side apply per object over 16 kept connections and one watch. It sees when a
 * Deployment is complete and nothing else: no pod, no verdict, no journal, no way back.
 */
export function floor(kubeconfig: string): Subject {
  const userAgent = 'apply-and-observe-floor';
  const api = new Api(kubeconfig, userAgent, CONNECTIONS);
  return {
    name: 'floor',
    userAgent,
    prepare: async (namespace, objects) => () => run(api, namespace, objects),
    close: async () => api.close(),
  };
}

async function run(
  api: Api,
  namespace: string,
  objects: KubeObject[],
): Promise<void> {
  const collection = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const incomplete = new Set(objects.map(({ metadata }) => metadata.name));
  let opened: () => void;
  const open = new Promise<void>(resolve => {
    opened = resolve;
  });
  const watch = () =>
    api.watch(
      `${collection}?watch=1&resourceVersion=0`,
      ({ type, object }) => {
        if (type === 'ERROR') throw new Error(object.message);
        if (isComplete(object)) incomplete.delete(object.metadata.name);
        return incomplete.size === 0;
      },
      () => opened(),
    );
  const watched = (async () => {
    while (!(await watch()));
  })();
  await Promise.race([open, watched]);
  await Promise.all(
    objects.map(object =>
      api.ask(
        'PATCH',
        `${collection}/${object.metadata.name}?fieldManager=floor`,
        object,
        'application/apply-patch+yaml',
      ),
    ),
  );
  await watched;
}

function isComplete({ metadata, spec, status }: any): boolean {
  return (
    status?.observedGeneration >= metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas
  );
}
