import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** What is moving, and what has moved lately. */
export const rolloutsRouteRef = createRouteRef({ id: 'rollouts' });
/** One run. */
export const runRouteRef = createSubRouteRef({
  id: 'rollouts/run',
  parent: rolloutsRouteRef,
  path: '/runs/:id',
});
/** One plan. */
export const planRouteRef = createSubRouteRef({
  id: 'rollouts/plan',
  parent: rolloutsRouteRef,
  path: '/plans/:id',
});
/** The form for a new plan. */
export const newPlanRouteRef = createSubRouteRef({
  id: 'rollouts/new-plan',
  parent: rolloutsRouteRef,
  path: '/new',
});
/** What stands, and what stood before. */
export const releasesRouteRef = createSubRouteRef({
  id: 'rollouts/releases',
  parent: rolloutsRouteRef,
  path: '/releases',
});
/** Where rollouts can go. */
export const clustersRouteRef = createSubRouteRef({
  id: 'rollouts/clusters',
  parent: rolloutsRouteRef,
  path: '/clusters',
});
