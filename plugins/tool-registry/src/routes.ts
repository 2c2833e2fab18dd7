import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** Tools: search and list. */
export const toolsRouteRef = createRouteRef({ id: 'tool-registry' });
/** One tool. */
export const toolRouteRef = createSubRouteRef({
  id: 'tool-registry/tool',
  parent: toolsRouteRef,
  path: '/:id',
});
/** Servers and their health. */
export const serversRouteRef = createRouteRef({ id: 'tool-registry/servers' });
/** One server. */
export const serverRouteRef = createSubRouteRef({
  id: 'tool-registry/server',
  parent: serversRouteRef,
  path: '/:id',
});
/** Signed catalogs. */
export const catalogsRouteRef = createRouteRef({
  id: 'tool-registry/catalogs',
});
/** One catalog. */
export const catalogRouteRef = createSubRouteRef({
  id: 'tool-registry/catalog',
  parent: catalogsRouteRef,
  path: '/:id',
});
/** What the registry reads. */
export const sourcesRouteRef = createRouteRef({ id: 'tool-registry/sources' });
