import { groupOf, KubeObject } from '../object';

/**
 * The order of kinds: what others need comes first, what lets traffic or admission through comes last.
 * Kinds that are not named here go with the workloads: a custom resource often needs them and they it.
 */
const ORDER: string[][] = [
  ['/Namespace'],
  [
    '/ResourceQuota',
    '/LimitRange',
    'scheduling.k8s.io/PriorityClass',
    'storage.k8s.io/StorageClass',
  ],
  ['apiextensions.k8s.io/CustomResourceDefinition'],
  [
    '/ServiceAccount',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/RoleBinding',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
  ],
  [
    '/ConfigMap',
    '/Secret',
    '/PersistentVolume',
    '/PersistentVolumeClaim',
    'networking.k8s.io/NetworkPolicy',
  ],
  ['/Service'],
  ['*'],
  ['autoscaling/HorizontalPodAutoscaler', 'policy/PodDisruptionBudget'],
  [
    'networking.k8s.io/Ingress',
    'gateway.networking.k8s.io/Gateway',
    'gateway.networking.k8s.io/HTTPRoute',
    'gateway.networking.k8s.io/GRPCRoute',
  ],
  [
    'apiregistration.k8s.io/APIService',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  ],
];

const LEVEL_OF = new Map(
  ORDER.flatMap((kinds, level) => kinds.map(kind => [kind, level] as const)),
);

/** Place of a kind in the order of application; deletion goes the other way. */
export function kindLevel({
  apiVersion,
  kind,
}: Pick<KubeObject, 'apiVersion' | 'kind'>): number {
  return LEVEL_OF.get(`${groupOf(apiVersion)}/${kind}`) ?? LEVEL_OF.get('*')!;
}

/** Levels of a set of objects, numbered from 0 without gaps, in the order of the objects given. */
export function levelsOf(
  objects: Pick<KubeObject, 'apiVersion' | 'kind'>[],
): number[] {
  const used = [...new Set(objects.map(kindLevel))].sort((a, b) => a - b);
  return objects.map(object => used.indexOf(kindLevel(object)));
}
