import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  ANNOTATION_SERVER_ID,
  ANNOTATION_SOURCE_ID,
  ANNOTATION_TOOL_ID,
  ToolRegistryClient,
} from '@agentyard/plugin-tool-registry-common';
import {
  RiHammerLine,
  RiInboxArchiveLine,
  RiServerLine,
  RiShieldCheckLine,
} from '@remixicon/react';
import { toolRegistryApiRef } from './api';
import {
  catalogsRouteRef,
  serversRouteRef,
  sourcesRouteRef,
  toolsRouteRef,
} from './routes';

const registryApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: toolRegistryApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new ToolRegistryClient(deps),
    }),
});

const toolsPage = PageBlueprint.make({
  params: {
    path: '/tools',
    title: 'Tools',
    icon: <RiHammerLine />,
    routeRef: convertLegacyRouteRef(toolsRouteRef),
    loader: () =>
      import('./components/Router').then(({ ToolsRouter }) => <ToolsRouter />),
  },
});

const serversPage = PageBlueprint.make({
  name: 'servers',
  params: {
    path: '/servers',
    title: 'Servers',
    icon: <RiServerLine />,
    routeRef: convertLegacyRouteRef(serversRouteRef),
    loader: () =>
      import('./components/Router').then(({ ServersRouter }) => (
        <ServersRouter />
      )),
  },
});

const catalogsPage = PageBlueprint.make({
  name: 'catalogs',
  params: {
    path: '/tool-catalogs',
    title: 'Tool catalogs',
    icon: <RiShieldCheckLine />,
    routeRef: convertLegacyRouteRef(catalogsRouteRef),
    loader: () =>
      import('./components/Router').then(({ CatalogsRouter }) => (
        <CatalogsRouter />
      )),
  },
});

const sourcesPage = PageBlueprint.make({
  name: 'sources',
  params: {
    path: '/sources',
    title: 'Sources',
    icon: <RiInboxArchiveLine />,
    routeRef: convertLegacyRouteRef(sourcesRouteRef),
    loader: () =>
      import('./components/SourcesPage').then(({ SourcesPage }) => (
        <SourcesPage />
      )),
  },
});

// As predicates, so that adopters can override them in configuration.
const annotated = (type: string, annotation: string) => ({
  'spec.type': type,
  [`metadata.annotations.${annotation}`]: { $exists: true },
});

const entityTool = EntityContentBlueprint.make({
  name: 'tool',
  params: {
    path: 'tool',
    title: 'Tool',
    group: 'overview',
    filter: { kind: 'api', ...annotated('mcp-tool', ANNOTATION_TOOL_ID) },
    loader: () =>
      import('./entity/EntityDetails').then(({ EntityToolContent }) => (
        <EntityToolContent />
      )),
  },
});

const entityServer = EntityContentBlueprint.make({
  name: 'server',
  params: {
    path: 'mcp-server',
    title: 'MCP server',
    group: 'overview',
    filter: { kind: 'api', ...annotated('mcp-server', ANNOTATION_SERVER_ID) },
    loader: () =>
      import('./entity/EntityDetails').then(({ EntityServerContent }) => (
        <EntityServerContent />
      )),
  },
});

const entityCatalog = EntityContentBlueprint.make({
  name: 'catalog',
  params: {
    path: 'tool-catalog',
    title: 'Tool catalog',
    group: 'overview',
    filter: {
      kind: 'resource',
      ...annotated('tool-catalog', ANNOTATION_SOURCE_ID),
    },
    loader: () =>
      import('./entity/EntityDetails').then(({ EntityCatalogContent }) => (
        <EntityCatalogContent />
      )),
  },
});

/**
 * Pages of the tool registry: tools, servers, catalogs, sources; and their tabs on entity pages.
 *
 * @public
 */
export const toolRegistryPlugin = createFrontendPlugin({
  pluginId: 'tool-registry',
  title: 'Tools',
  icon: <RiHammerLine />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    tools: convertLegacyRouteRef(toolsRouteRef),
    servers: convertLegacyRouteRef(serversRouteRef),
    catalogs: convertLegacyRouteRef(catalogsRouteRef),
    sources: convertLegacyRouteRef(sourcesRouteRef),
  },
  extensions: [
    registryApi,
    toolsPage,
    serversPage,
    catalogsPage,
    sourcesPage,
    entityTool,
    entityServer,
    entityCatalog,
  ],
});
