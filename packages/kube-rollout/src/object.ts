/**
 * Names one object in a cluster.
 * `namespace` is absent for cluster-scoped kinds.
 *
 * @public
 */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/**
 * Metadata fields that the engine reads; everything else passes through untouched.
 *
 * @public
 */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    apiVersion: string;
    kind: string;
    name: string;
    uid: string;
    controller?: boolean;
  }[];
  managedFields?: {
    manager?: string;
    operation?: string;
    subresource?: string;
  }[];
  [field: string]: unknown;
}

/**
 * A Kubernetes object as raw JSON. It is never squeezed through a typed model, because fields that such a model
 * does not know would vanish, and under server-side apply a vanished field is a released field.
 *
 * @public
 */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: any;
}

/**
 * The reference of an object.
 *
 * @public
 */
export function refOf(object: KubeObject): ObjectRef {
  const { apiVersion, kind, metadata } = object;
  return {
    apiVersion,
    kind,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: metadata.name,
  };
}

/**
 * The API group of an apiVersion; the core group is the empty string.
 *
 * @public
 */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/**
 * A key under which an object is the same in all versions of its group: `group/Kind/namespace/name`.
 *
 * @public
 */
export function refKey(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${
    ref.name
  }`;
}

/**
 * The name by which people call an object: `Deployment shop/web`.
 *
 * @public
 */
export function formatRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}
