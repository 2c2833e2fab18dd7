import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { RiRocket2Line } from '@remixicon/react';
import { rolloutsApiRef } from './api';
import { rolloutsRouteRef } from './routes';

const rolloutsApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: rolloutsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new RolloutsClient(deps),
    }),
});

const rolloutsPage = PageBlueprint.make({
  params: {
    path: '/rollouts',
    title: 'Rollouts',
    icon: <RiRocket2Line />,
    routeRef: convertLegacyRouteRef(rolloutsRouteRef),
    loader: () =>
      import('./components/Router').then(({ RolloutsRouter }) => (
        <RolloutsRouter />
      )),
  },
});

const entityRollouts = EntityContentBlueprint.make({
  params: {
    path: 'rollouts',
    title: 'Rollouts',
    group: 'deployment',
    filter: { kind: 'component' },
    loader: () =>
      import('./entity/EntityRollouts').then(({ EntityRolloutsContent }) => (
        <EntityRolloutsContent />
      )),
  },
});

/**
 * Pages of rollouts: runs, plans, releases, clusters; and the tab on component pages.
 *
 * @public
 */
export const rolloutsPlugin = createFrontendPlugin({
  pluginId: 'rollouts',
  title: 'Rollouts',
  icon: <RiRocket2Line />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: convertLegacyRouteRef(rolloutsRouteRef) },
  extensions: [rolloutsApi, rolloutsPage, entityRollouts],
});
