import { KubeObject } from '../object';

/** Reads pods and ReplicaSets by who controls them. */
export interface Dependents {
  /** Objects of the kind whose controller has this UID. */
  controlledBy(uid: string, kind: 'ReplicaSet' | 'Pod'): Iterable<KubeObject>;
}

/** Kinds whose pods are looked at. */
export const POD_OWNERS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
]);

/** What a workload's new revision consists of. */
export interface NewRevision {
  pods: KubeObject[];
  /** How many pods the new revision is meant to have right now. */
  wanted: number;
}

/**
 * The pods of a workload's new revision: only these count. A broken old revision must not block the fix.
 * Undefined while it cannot be said which ones they are.
 */
export function newRevision(
  workload: KubeObject,
  dependents: Dependents,
): NewRevision | undefined {
  const { uid, annotations } = workload.metadata;
  if (!uid) return undefined;
  switch (workload.kind) {
    case 'Deployment': {
      // The revision annotation lags behind when an old ReplicaSet is taken up again; the template never does.
      const current = [...dependents.controlledBy(uid, 'ReplicaSet')].find(
        ({ spec }) => spec?.templateDigest === workload.spec?.templateDigest,
      );
      if (!current?.metadata.uid) return undefined;
      return {
        pods: alive(dependents.controlledBy(current.metadata.uid, 'Pod')),
        wanted: current.spec?.replicas ?? 1,
      };
    }
    case 'StatefulSet': {
      const hash = workload.status?.updateRevision;
      if (!hash) return undefined;
      return {
        pods: alive(dependents.controlledBy(uid, 'Pod')).filter(
          ({ metadata }) =>
            metadata.labels?.['controller-revision-hash'] === hash,
        ),
        wanted: workload.spec?.replicas ?? 1,
      };
    }
    case 'DaemonSet': {
      const generation =
        annotations?.['deprecated.daemonset.template.generation'];
      return {
        pods: alive(dependents.controlledBy(uid, 'Pod')).filter(
          ({ metadata }) =>
            metadata.labels?.['pod-template-generation'] === generation,
        ),
        wanted: workload.status?.desiredNumberScheduled ?? 0,
      };
    }
    case 'ReplicaSet':
    case 'Job':
      return {
        pods: alive(dependents.controlledBy(uid, 'Pod')),
        wanted: workload.spec?.replicas ?? workload.spec?.parallelism ?? 1,
      };
    case 'Pod':
      return { pods: [workload], wanted: 1 };
    default:
      return undefined;
  }
}

function alive(pods: Iterable<KubeObject>): KubeObject[] {
  return [...pods].filter(({ metadata }) => !metadata.deletionTimestamp);
}
