import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { InputError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { probeMcpEndpoint } from '@agentyard/mcp-probe';
import { createSafeFetch, createSafeWebFetch } from '@agentyard/safe-fetch';
import { toolRegistryPermissions } from '@agentyard/plugin-tool-registry-common';
import {
  toolRegistrySourcesExtensionPoint,
  type SourceProvider,
} from '@agentyard/plugin-tool-registry-node';
import { registerActions } from './actions';
import { readRegistryConfig } from './config';
import { CatalogStore } from './database/CatalogStore';
import { connectDatabase } from './database/migrate';
import { ServerStore } from './database/ServerStore';
import { SourceStore } from './database/SourceStore';
import { createRouter } from './router/createRouter';
import { CatalogReader } from './service/CatalogReader';
import { CatalogSourceProvider } from './service/CatalogSourceProvider';
import { ChangeAnnouncer } from './service/ChangeAnnouncer';
import { systemClock } from './service/Clock';
import { createCatalogReading } from './service/readCatalog';
import { RegistryMetrics } from './service/RegistryMetrics';
import { ServerDirectory } from './service/ServerDirectory';
import { ServerProber } from './service/ServerProber';
import { CONFIG_PROVIDER } from './service/SourceDefinition';
import { SourceRefresher } from './service/SourceRefresher';
import { SourceSync } from './service/SourceSync';
import { ToolRegistry } from './service/ToolRegistry';

const SYNC_SECONDS = 30;
const TICK_SECONDS = 5;

/**
 * The tool registry: reads sources of tools on schedule, verifies them, keeps the last good snapshot
 * of each and knows whether the servers answer.
 *
 * @public
 */
export const toolRegistryPlugin = createBackendPlugin({
  pluginId: 'tool-registry',
  register(env) {
    const addedProviders: SourceProvider[] = [];
    env.registerExtensionPoint(toolRegistrySourcesExtensionPoint, {
      addSourceProvider(provider) {
        const names = [
          CONFIG_PROVIDER,
          'catalog',
          ...addedProviders.map(({ name }) => name),
        ];
        if (!/^[a-z0-9-]{1,64}$/.test(provider.name)) {
          throw new InputError(
            `A source provider's name has 1 to 64 lower-case letters, digits and hyphens, unlike '${provider.name}'`,
          );
        }
        if (names.includes(provider.name)) {
          throw new InputError(
            `There is already a source provider '${provider.name}'`,
          );
        }
        addedProviders.push(provider);
      },
    });

    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { auth, catalog, logger, scheduler } = deps;
        const config = readRegistryConfig(deps.config);
        const knex = await connectDatabase(deps.database);
        const sources = new SourceStore(knex);
        const catalogs = new CatalogStore(knex);
        const servers = new ServerStore(knex);

        const clock = systemClock;
        const announcer = new ChangeAnnouncer(deps);
        const metrics = new RegistryMetrics(deps.metrics);
        const directory = new ServerDirectory({
          sources,
          catalogs,
          servers,
          clock,
        });
        const sync = new SourceSync({
          providers: [
            { name: CONFIG_PROVIDER, listSources: async () => config.sources },
            ...(config.entitySources
              ? [
                  new CatalogSourceProvider({
                    catalog,
                    auth,
                    trust: config.entitySources,
                  }),
                ]
              : []),
            ...addedProviders,
          ],
          sources,
          servers: directory,
          announcer,
          logger,
          clock,
        });
        const reader = new CatalogReader({
          sources,
          catalogs,
          servers: directory,
          read: createCatalogReading({
            fetch: createSafeFetch(config.fetchPolicy),
            allowLoopback: config.fetchPolicy.allowLoopback,
          }),
          announcer,
          metrics,
          logger,
          clock,
        });
        const probeFetch = createSafeWebFetch(config.fetchPolicy);
        const prober = new ServerProber({
          servers,
          catalogs,
          sources,
          probe: (url, { signal }) =>
            probeMcpEndpoint({ url, fetch: probeFetch, signal }),
          intervalSeconds: config.probeIntervalSeconds,
          announcer,
          metrics,
          logger,
          clock,
        });
        const registry = new ToolRegistry({ sources, catalogs, servers });
        const refresher = new SourceRefresher({
          sources,
          servers,
          reader,
          prober,
          registry,
        });

        deps.permissionsRegistry.addPermissions(toolRegistryPermissions);
        registerActions({ actionsRegistry: deps.actionsRegistry, registry });
        deps.httpRouter.use(
          await createRouter({
            registry,
            refresher,
            httpAuth: deps.httpAuth,
            permissions: deps.permissions,
            auditor: deps.auditor,
          }),
        );

        await scheduler.scheduleTask({
          id: 'tool-registry-sync-sources',
          scope: 'global',
          frequency: { seconds: SYNC_SECONDS },
          timeout: { minutes: 2 },
          fn: signal => sync.sync(signal),
        });
        await scheduler.scheduleTask({
          id: 'tool-registry-read-catalogs',
          scope: 'global',
          frequency: { seconds: TICK_SECONDS },
          timeout: { minutes: 5 },
          fn: signal => reader.readDue(signal),
        });
        await scheduler.scheduleTask({
          id: 'tool-registry-probe-servers',
          scope: 'global',
          frequency: { seconds: TICK_SECONDS },
          timeout: { minutes: 5 },
          fn: signal => prober.probeDue(signal),
        });
      },
    });
  },
});
