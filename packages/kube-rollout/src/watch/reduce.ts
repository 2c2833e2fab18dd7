import { digestOf } from '../canonical';
import { KubeObject } from '../object';

/** Label by which the Deployment controller tells its ReplicaSets apart; it is not part of the template as declared. */
const POD_TEMPLATE_HASH = 'pod-template-hash';

/**
 * Keeps of a watched object what judging it takes, so that thousands fit into memory: metadata without bookkeeping,
 * status, and of the spec the counts. Pod templates shrink to a digest in `spec.templateDigest`, which is equal for
 * a Deployment and for the ReplicaSet of its current revision, and different for any other.
 */
export function reduce(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const {
    'kubectl.kubernetes.io/last-applied-configuration': __,
    ...annotations
  } = metadata.annotations ?? {};
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...metadata, annotations },
    spec: object.kind === 'Pod' ? podSpec(object.spec) : reduceSpec(object),
    status: object.status,
  };
}

function podSpec(spec: any) {
  return { restartPolicy: spec?.restartPolicy, nodeName: spec?.nodeName };
}

function reduceSpec({ kind, spec }: KubeObject): unknown {
  switch (kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job': {
      const { template, volumeClaimTemplates: _, ...rest } = spec ?? {};
      return { ...rest, templateDigest: templateDigest(template) };
    }
    case 'CustomResourceDefinition':
      return undefined;
    default:
      return spec;
  }
}

function templateDigest(template: any): string {
  const { [POD_TEMPLATE_HASH]: _, ...labels } =
    template?.metadata?.labels ?? {};
  return digestOf({
    ...template,
    metadata: { ...template?.metadata, labels, creationTimestamp: undefined },
  });
}
