/**
 * Rollout engine: plans, applies, watches, judges and takes back sets of Kubernetes objects.
 *
 * @packageDocumentation
 */
export { Cluster, type ClusterOptions } from './cluster/cluster';
export { newKubeConfig } from './cluster/kubeConfig';
export * from './errors';
export { parseManifests, type ManifestLimits } from './manifests';
export {
  formatRef,
  groupOf,
  refKey,
  refOf,
  type KubeObject,
  type ObjectMeta,
  type ObjectRef,
} from './object';
export { createPlan, type CreatePlanOptions } from './plan/createPlan';
export * from './plan/plan';
export { driveRun, type DriveRunOptions } from './run/driveRun';
export { fileRunStore } from './run/fileRunStore';
export { memoryRunStore } from './run/memoryRunStore';
export * from './run/run';
export * from './run/runStore';
export { startRun, type StartRunOptions } from './run/startRun';
