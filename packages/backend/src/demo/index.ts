import {
  coreServices,
  createBackendFeatureLoader,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogSigningSpecSourceExtensionPoint } from '@agentyard/plugin-catalog-signing-node';
import { toolRegistrySourcesExtensionPoint } from '@agentyard/plugin-tool-registry-node';
import { DemoWorld } from './demoWorld';

/** Runs the demo's MCP server, and has its tools published in the portal's signed catalog. */
const demoPublication = createBackendModule({
  pluginId: 'catalog-signing',
  moduleId: 'demo-world',
  register(env) {
    env.registerInit({
      deps: {
        specs: catalogSigningSpecSourceExtensionPoint,
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
        logger: coreServices.logger,
      },
      async init({ specs, config, lifecycle, logger }) {
        const world = new DemoWorld({
          port: config.getOptionalNumber('agentyard.demo.port') ?? 7008,
          logger,
        });
        specs.addSpecSource({
          name: 'server-everything',
          read: () => world.readSpecs(),
          onChange: listener => world.onReady(listener),
        });
        // Not awaited: a demo that cannot start must not keep the portal from starting.
        world.start();
        lifecycle.addShutdownHook(() => world.stop());
      },
    });
  },
});

/** Has the registry read the portal's own signed catalog, as it would read a stranger's. */
const demoSource = createBackendModule({
  pluginId: 'tool-registry',
  moduleId: 'demo-world',
  register(env) {
    env.registerInit({
      deps: {
        sources: toolRegistrySourcesExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ sources, config }) {
        const [publisher] = config.getConfigArray(
          'agentyard.signing.publishers',
        );
        const baseUrl = publisher.getString('baseUrl');
        sources.addSourceProvider({
          name: 'demo',
          listSources: async () => [
            {
              id: 'portal',
              type: 'eat-catalog',
              url: new URL('/.well-known/api-catalog', baseUrl).href,
              publisher: publisher.getString('did'),
              profile: 'strict',
              mode: 'enforce',
              owner: 'group:default/platform-team',
              intervalSeconds: 15,
            },
          ],
        });
      },
    });
  },
});

/**
 * The demo world of development: a real MCP server on loopback and a signed catalog of its tools, which end with the
 * portal. `agentyard.demo.enabled` switches it.
 */
export default createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    if (config.getOptionalBoolean('agentyard.demo.enabled')) {
      yield demoPublication;
      yield demoSource;
    }
  },
});
