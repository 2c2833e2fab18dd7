import { groupOf, KubeObject, ObjectRef } from '../object';
import { ACCEPTED_KINDS } from './accepted';
import { apiService } from './apiService';
import { customResource } from './customResource';
import { customResourceDefinition } from './customResourceDefinition';
import { daemonSet } from './daemonSet';
import { deployment } from './deployment';
import { job } from './job';
import { namespace } from './namespace';
import { persistentVolumeClaim } from './persistentVolumeClaim';
import { pod } from './pod';
import {
  condition,
  failed,
  inProgress,
  Readiness,
  ReadinessContext,
  ReadinessRule,
} from './readiness';
import { replicaSet } from './replicaSet';
import { resourceQuota } from './resourceQuota';
import { service } from './service';
import { statefulSet } from './statefulSet';

const RULES: Record<string, ReadinessRule> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': replicaSet,
  'batch/Job': job,
  '/Pod': pod,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Service': service,
  '/Namespace': namespace,
  '/ResourceQuota': resourceQuota,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'apiregistration.k8s.io/APIService': apiService,
};

/** Kinds whose controller always reports what it has seen; silence means it has not looked. */
const NEEDS_OBSERVATION = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
]);

function kindKey({
  apiVersion,
  kind,
}: Pick<ObjectRef, 'apiVersion' | 'kind'>): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** True when there is nothing to wait for after the server took the object. */
export function isAcceptedOnApply(
  ref: Pick<ObjectRef, 'apiVersion' | 'kind'>,
): boolean {
  return ACCEPTED_KINDS.has(kindKey(ref));
}

/**
 * Judges one object. The order matters: conditions outlive the revision that caused them, so generations come before
 * any condition.
 * @param generation - the generation that our apply produced; anything older says nothing about it
 */
export function assess(
  object: KubeObject,
  context: ReadinessContext,
  generation?: number,
): Readiness {
  const { metadata, status } = object;
  if (metadata.deletionTimestamp) {
    return failed('Terminating', 'somebody is deleting it');
  }
  const current = metadata.generation ?? 0;
  if (current < (generation ?? 0))
    return inProgress('the new version has not come round yet');
  const observed = status?.observedGeneration;
  if (typeof observed === 'number' && observed < current) {
    return inProgress('its controller has not seen the new version yet');
  }
  if (NEEDS_OBSERVATION.has(kindKey(object)) && typeof observed !== 'number') {
    return inProgress('its controller has not seen it yet');
  }
  const stalled = condition(object, 'Stalled');
  if (stalled?.status === 'True')
    return failed(stalled.reason ?? 'Stalled', stalled.message ?? 'stalled');
  const reconciling = condition(object, 'Reconciling');
  if (reconciling?.status === 'True')
    return inProgress(reconciling.message ?? 'reconciling');
  return (RULES[kindKey(object)] ?? customResource)(object, context);
}
