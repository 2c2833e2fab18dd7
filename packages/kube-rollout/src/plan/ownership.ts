import { KubeObject, groupOf, ObjectRef } from '../object';

/** Label on every applied object; its value is the name of the application. */
export const OWNER_LABEL = 'agentyard.dev/rollout';

/** Annotation, value `"true"`: never prune this object. */
export const KEEP_ANNOTATION = 'agentyard.dev/keep';

/** Our label's value on a live object. */
export function ownerOf(object: KubeObject): string | undefined {
  return object.metadata.labels?.[OWNER_LABEL];
}

/** Adds our label. */
export function withOwner(object: KubeObject, name: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [OWNER_LABEL]: name },
    },
  };
}

/** True when the object's own annotations forbid pruning, ours or Helm's. */
export function isKept({ metadata: { annotations } }: KubeObject): boolean {
  return (
    annotations?.[KEEP_ANNOTATION] === 'true' ||
    annotations?.['helm.sh/resource-policy'] === 'keep'
  );
}

const PROTECTED = new Set([
  '/PersistentVolumeClaim',
  '/PersistentVolume',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/** Why an object of this kind stays although it left the manifests; undefined when it may go. */
export function protection(
  ref: ObjectRef,
  allowed: boolean,
): string | undefined {
  const kind = `${groupOf(ref.apiVersion)}/${ref.kind}`;
  if (kind === '/Namespace') {
    return "a namespace takes all that is in it along, other people's objects too; delete it by hand";
  }
  if (!allowed && PROTECTED.has(kind)) {
    return `deleting a ${ref.kind} destroys data; allow it with the policy's pruneProtected`;
  }
  return undefined;
}
