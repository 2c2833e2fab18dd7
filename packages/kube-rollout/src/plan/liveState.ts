import PQueue from 'p-queue';
import { Cluster } from '../cluster/cluster';
import { Resource } from '../cluster/discovery';
import { ClusterError } from '../errors';
import { KubeObject, ObjectRef, refKey } from '../object';
import { isRefusalOfObject } from './refusal';

/** A reference together with how its kind is served. */
export interface ServedRef {
  ref: ObjectRef;
  resource: Resource;
}

/** What is in the cluster, of the objects that were asked for. */
export interface LiveState {
  /** Undefined when the object does not exist. */
  get(ref: ObjectRef): KubeObject | undefined;
  /** Set when the server does not let us look at this kind there. */
  refused(ref: ObjectRef): ClusterError | undefined;
}

/**
 * Reads the present state of objects: one LIST per kind and namespace however many there are of them.
 * @throws ClusterError when the cluster cannot be asked at all
 */
export async function readLiveState(
  cluster: Cluster,
  wanted: ServedRef[],
  signal?: AbortSignal,
): Promise<LiveState> {
  const scopes = new Map<string, { served: ServedRef; keys: Set<string> }>();
  for (const served of wanted) {
    const key = scopeOf(served.ref);
    const scope = scopes.get(key) ?? { served, keys: new Set() };
    scope.keys.add(refKey(served.ref));
    scopes.set(key, scope);
  }
  const live = new Map<string, KubeObject>();
  const refusals = new Map<string, ClusterError>();
  const queue = new PQueue({ concurrency: 8 });
  await queue.addAll(
    [...scopes].map(([key, { served, keys }]) => async () => {
      try {
        for await (const object of cluster.list(
          served.resource,
          served.ref.namespace,
          signal,
        )) {
          const objectKey = refKey({ ...served.ref, ...nameOf(object) });
          if (keys.has(objectKey)) live.set(objectKey, object);
        }
      } catch (error) {
        if (!isRefusalOfObject(error)) throw error;
        refusals.set(key, error);
      }
    }),
  );
  return {
    get: ref => live.get(refKey(ref)),
    refused: ref => refusals.get(scopeOf(ref)),
  };
}

function scopeOf({ apiVersion, kind, namespace }: ObjectRef): string {
  return `${apiVersion}|${kind}|${namespace ?? ''}`;
}

function nameOf({
  metadata,
}: KubeObject): Pick<ObjectRef, 'name' | 'namespace'> {
  return { name: metadata.name, namespace: metadata.namespace };
}
