/**
 * Pages of the tool registry for apps on the classic frontend system.
 *
 * @example
 * ```tsx
 * <Route path="/tools" element={<ToolRegistryToolsPage />} />
 * ```
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { ToolRegistryClient } from '@agentyard/plugin-tool-registry-common';
import { toolRegistryApiRef } from './api';
import {
  catalogsRouteRef,
  serversRouteRef,
  sourcesRouteRef,
  toolsRouteRef,
} from './routes';

export { toolRegistryApiRef } from './api';
export { toolRegistryTranslationRef } from './translation';

/**
 * The plugin, for the classic frontend system.
 *
 * @public
 */
export const toolRegistryPlugin = createPlugin({
  id: 'tool-registry',
  apis: [
    createApiFactory({
      api: toolRegistryApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new ToolRegistryClient(deps),
    }),
  ],
  routes: {
    tools: toolsRouteRef,
    servers: serversRouteRef,
    catalogs: catalogsRouteRef,
    sources: sourcesRouteRef,
  },
});

/**
 * Tools: search, list, detail.
 *
 * @public
 */
export const ToolRegistryToolsPage: () => JSX.Element =
  toolRegistryPlugin.provide(
    createRoutableExtension({
      name: 'ToolRegistryToolsPage',
      component: () =>
        import('./components/Router').then(({ ToolsRouter }) => ToolsRouter),
      mountPoint: toolsRouteRef,
    }),
  );

/**
 * Servers and their health.
 *
 * @public
 */
export const ToolRegistryServersPage: () => JSX.Element =
  toolRegistryPlugin.provide(
    createRoutableExtension({
      name: 'ToolRegistryServersPage',
      component: () =>
        import('./components/Router').then(
          ({ ServersRouter }) => ServersRouter,
        ),
      mountPoint: serversRouteRef,
    }),
  );

/**
 * Signed catalogs and their verdicts.
 *
 * @public
 */
export const ToolRegistryCatalogsPage: () => JSX.Element =
  toolRegistryPlugin.provide(
    createRoutableExtension({
      name: 'ToolRegistryCatalogsPage',
      component: () =>
        import('./components/Router').then(
          ({ CatalogsRouter }) => CatalogsRouter,
        ),
      mountPoint: catalogsRouteRef,
    }),
  );

/**
 * What the registry reads, and what failed.
 *
 * @public
 */
export const ToolRegistrySourcesPage: () => JSX.Element =
  toolRegistryPlugin.provide(
    createRoutableExtension({
      name: 'ToolRegistrySourcesPage',
      component: () =>
        import('./components/SourcesPage').then(
          ({ SourcesPage }) => SourcesPage,
        ),
      mountPoint: sourcesRouteRef,
    }),
  );

/**
 * Tab of a tool's entity page.
 *
 * @public
 */
export const EntityToolContent: () => JSX.Element = toolRegistryPlugin.provide(
  createComponentExtension({
    name: 'EntityToolContent',
    component: {
      lazy: () =>
        import('./entity/EntityDetails').then(
          ({ EntityToolContent: content }) => content,
        ),
    },
  }),
);

/**
 * Tab of an MCP server's entity page.
 *
 * @public
 */
export const EntityServerContent: () => JSX.Element =
  toolRegistryPlugin.provide(
    createComponentExtension({
      name: 'EntityServerContent',
      component: {
        lazy: () =>
          import('./entity/EntityDetails').then(
            ({ EntityServerContent: content }) => content,
          ),
      },
    }),
  );

/**
 * Tab of a tool catalog's entity page.
 *
 * @public
 */
export const EntityCatalogContent: () => JSX.Element =
  toolRegistryPlugin.provide(
    createComponentExtension({
      name: 'EntityCatalogContent',
      component: {
        lazy: () =>
          import('./entity/EntityDetails').then(
            ({ EntityCatalogContent: content }) => content,
          ),
      },
    }),
  );
