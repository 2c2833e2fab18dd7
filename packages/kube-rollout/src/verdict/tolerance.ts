import { KubeObject } from '../object';

/**
 * How many troubled pods a workload can stand without having failed. A Deployment absorbs what maxUnavailable
 * allows, unless all its new pods are in trouble; a StatefulSet or DaemonSet waits for each pod, so one is too many.
 */
export function hasFailed(
  workload: KubeObject,
  troubled: number,
  wanted: number,
): boolean {
  if (troubled === 0) return false;
  if (workload.kind !== 'Deployment') return true;
  return troubled >= wanted || troubled > maxUnavailable(workload);
}

function maxUnavailable({ spec }: KubeObject): number {
  const replicas = spec?.replicas ?? 1;
  if (spec?.strategy?.type === 'Recreate') return 0;
  const value = spec?.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const percent = /^(\d+)%$/.exec(String(value));
  return percent
    ? Math.floor((replicas * Number(percent[1])) / 100)
    : Number(value) || 0;
}
