/**
 * Pages of rollouts for apps on the classic frontend system.
 *
 * @example
 * ```tsx
 * <Route path="/rollouts" element={<RolloutsPage />} />
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
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { rolloutsApiRef } from './api';
import { rolloutsRouteRef } from './routes';

export { rolloutsApiRef } from './api';
export { rolloutsTranslationRef } from './translation';

/**
 * The plugin, for the classic frontend system.
 *
 * @public
 */
export const rolloutsPlugin = createPlugin({
  id: 'rollouts',
  apis: [
    createApiFactory({
      api: rolloutsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new RolloutsClient(deps),
    }),
  ],
  routes: { root: rolloutsRouteRef },
});

/**
 * All pages of rollouts.
 *
 * @public
 */
export const RolloutsPage: () => JSX.Element = rolloutsPlugin.provide(
  createRoutableExtension({
    name: 'RolloutsPage',
    component: () =>
      import('./components/Router').then(
        ({ RolloutsRouter }) => RolloutsRouter,
      ),
    mountPoint: rolloutsRouteRef,
  }),
);

/**
 * Tab of a component's entity page.
 *
 * @public
 */
export const EntityRolloutsContent: () => JSX.Element = rolloutsPlugin.provide(
  createComponentExtension({
    name: 'EntityRolloutsContent',
    component: {
      lazy: () =>
        import('./entity/EntityRollouts').then(
          ({ EntityRolloutsContent: content }) => content,
        ),
    },
  }),
);
