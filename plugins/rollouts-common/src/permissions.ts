import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see clusters, plans, runs and releases.
 *
 * @public
 */
export const rolloutsRunReadPermission = createPermission({
  name: 'rollouts.run.read',
  attributes: { action: 'read' },
});

/**
 * To make a plan: a dry run on the cluster that changes nothing.
 *
 * @public
 */
export const rolloutsPlanCreatePermission = createPermission({
  name: 'rollouts.plan.create',
  attributes: { action: 'create' },
});

/**
 * To start a run of a plan.
 *
 * @public
 */
export const rolloutsRunStartPermission = createPermission({
  name: 'rollouts.run.start',
  attributes: { action: 'create' },
});

/**
 * To bring the previous release back. A right of its own, so that whoever is on call can have it without being allowed to
 * roll anything new out.
 *
 * @public
 */
export const rolloutsRunRollbackPermission = createPermission({
  name: 'rollouts.run.rollback',
  attributes: { action: 'update' },
});

/**
 * All permissions of rollouts.
 *
 * @public
 */
export const rolloutsPermissions = [
  rolloutsRunReadPermission,
  rolloutsPlanCreatePermission,
  rolloutsRunStartPermission,
  rolloutsRunRollbackPermission,
];
