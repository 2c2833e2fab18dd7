import { RolloutPolicy } from './plan';

/** What holds where nothing else is said. */
export const DEFAULT_POLICY: RolloutPolicy = {
  deadlineSeconds: 600,
  crashLoopRestarts: 2,
  unschedulableGraceSeconds: 60,
  replicaFailureGraceSeconds: 10,
  statusGraceSeconds: 30,
  prune: true,
  pruneProtected: false,
  rollback: 'automatic',
};

/** The most objects that a plan may prune without being told to. */
export function pruneCap(policy: RolloutPolicy, inventorySize: number): number {
  return policy.maxPrune ?? Math.max(10, Math.floor(inventorySize * 0.2));
}
