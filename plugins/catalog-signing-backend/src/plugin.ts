import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogSigningPermissions } from '@agentyard/plugin-catalog-signing-common';
import {
  catalogSigningSignerExtensionPoint,
  catalogSigningSpecSourceExtensionPoint,
  SignerProvider,
  SpecSource,
} from '@agentyard/plugin-catalog-signing-node';
import { readSigningConfig } from './config';
import { openDatabase } from './database/migrate';
import { SigningConfigError } from './errors';
import { FileSignerProvider } from './keys/file/FileSignerProvider';
import { PUBLISHER_ALGS } from './keys/KeyRegistry';
import { createApiRouter } from './router/apiRouter';
import { publicRoutes } from './router/publicRoutes';
import { CatalogPublisher } from './service/CatalogPublisher';
import { SigningService } from './service/SigningService';

/**
 * Signs tool catalogs and publishes them at the backend's root.
 *
 * @public
 */
export const catalogSigningPlugin = createBackendPlugin({
  pluginId: 'catalog-signing',
  register(env) {
    const providers = new Map<string, SignerProvider>();
    const sources: SpecSource[] = [];

    const addProvider = (provider: SignerProvider) => {
      if (providers.has(provider.provider)) {
        throw new SigningConfigError(
          `There are two signer providers named "${provider.provider}"`,
        );
      }
      providers.set(provider.provider, provider);
    };
    env.registerExtensionPoint(catalogSigningSignerExtensionPoint, {
      addProvider,
    });
    env.registerExtensionPoint(catalogSigningSpecSourceExtensionPoint, {
      addSpecSource: source => sources.push(source),
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootHttpRouter: coreServices.rootHttpRouter,
        scheduler: coreServices.scheduler,
      },
      async init({
        auditor,
        config,
        database,
        httpAuth,
        httpRouter,
        lifecycle,
        logger,
        metrics,
        permissions,
        permissionsRegistry,
        rootHttpRouter,
        scheduler,
      }) {
        const signing = readSigningConfig(config);
        if (signing.keyStore) {
          addProvider(new FileSignerProvider(signing.keyStore));
        }
        const knex = await openDatabase(database);

        const publishers = signing.publishers.map(publisher => {
          const provider = providers.get(publisher.provider);
          if (!provider) {
            throw new SigningConfigError(
              `agentyard.signing.publishers: "${
                publisher.id
              }" has the provider "${
                publisher.provider
              }", which no module brings. Install its module, or use one of: ${[
                ...providers.keys(),
              ].join(', ')}`,
            );
          }
          const { id, did } = publisher;
          return new CatalogPublisher({
            config: publisher,
            knex,
            logger,
            openSigner: () => provider.open({ id, did, algs: PUBLISHER_ALGS }),
            async onKeysCreated(keys) {
              for (const { kid, alg } of keys) {
                const event = await auditor.createEvent({
                  eventId: 'key-create',
                  severityLevel: 'high',
                  meta: {
                    publisher: id,
                    kid,
                    alg,
                    provider: provider.provider,
                  },
                });
                await event.success();
              }
            },
          });
        });
        const service = new SigningService({ publishers, sources, logger });

        permissionsRegistry.addPermissions(catalogSigningPermissions);
        httpRouter.use(
          await createApiRouter({ service, httpAuth, permissions, auditor }),
        );

        const catalogRequests = metrics.createCounter(
          'eat_catalog_requests_total',
          {
            description: 'Requests for the signed catalog, by status',
            unit: '{request}',
          },
        );
        const secondsLeft = metrics.createObservableGauge<{
          publisher: string;
        }>('backstage.catalog-signing.statement.remaining', {
          description: 'Seconds until the published statement expires',
          unit: 's',
        });
        secondsLeft.addCallback(result => {
          for (const publisher of service.publishers) {
            const left = publisher.secondsLeft;
            if (left === undefined) continue;
            result.observe(left, { publisher: publisher.config.id });
          }
        });

        if (service.defaultPublisher) {
          const routes = publicRoutes({
            publisher: service.defaultPublisher,
            logger,
            onCatalogRequest: status => catalogRequests.add(1, { status }),
          });
          for (const [path, handler] of routes) {
            rootHttpRouter.use(path, handler);
          }
        }

        lifecycle.addStartupHook(async () => {
          // Making the first keys takes a moment, and a key store may be away: the portal starts meanwhile.
          void service.start();
        });
        await scheduler.scheduleTask({
          id: 'catalog-signing-renew',
          scope: 'global',
          initialDelay: { minutes: 1 },
          frequency: { minutes: 5 },
          timeout: { minutes: 5 },
          fn: () => service.renew(),
        });
        await scheduler.scheduleTask({
          id: 'catalog-signing-follow',
          scope: 'local',
          initialDelay: { seconds: 15 },
          frequency: { seconds: 15 },
          timeout: { seconds: 15 },
          fn: () => service.follow(),
        });
      },
    });
  },
});
