import { Cluster } from '../cluster/cluster';
import { KubeObject } from '../object';
import { RunStore } from '../run/runStore';
import { Plan, RolloutPolicy, Target } from './plan';

/**
 * What to plan.
 *
 * @public
 */
export interface CreatePlanOptions {
  cluster: Cluster;
  /** Where inventory and releases of the target are read from. */
  store: Pick<RunStore, 'inventory' | 'latestRelease'>;
  target: Target;
  /** As {@link parseManifests} reads them, or the objects of a {@link Release}. */
  objects: KubeObject[];
  policy?: Partial<RolloutPolicy>;
  author?: string;
  signal?: AbortSignal;
  /** The clock; for tests. */
  now?: () => Date;
}

/**
 * Asks the cluster what would happen, without changing anything: one server-side dry run per object and one LIST
 * per kind and namespace. A refusal by the server is part of the plan, not an error.
 *
 * To go back to any release, plan its objects.
 *
 * @throws ClusterError `UNREACHABLE`, `UNAUTHORIZED`, … when the cluster cannot be asked
 * @throws PlanError `BAD_TARGET` when the target's name is no DNS label
 *
 * @public
 */
export async function createPlan(_options: CreatePlanOptions): Promise<Plan> {
  throw new Error('under construction');
}
