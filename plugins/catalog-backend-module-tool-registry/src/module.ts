import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
} from '@backstage/backend-plugin-api';
import {
  CatalogModelSources,
  mcpServerApiEntityModel,
} from '@backstage/catalog-model/alpha';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { catalogModelExtensionPoint } from '@backstage/plugin-catalog-node/alpha';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { ToolRegistryClient } from '@agentyard/plugin-tool-registry-common';
import { toolRegistryEntityModel } from './entityModel';
import { ToolRegistryEntityProvider } from './ToolRegistryEntityProvider';

const SCHEDULE_KEY = 'catalog.providers.toolRegistry.schedule';

/**
 * Brings servers, tools and tool catalogs of the tool registry into the catalog, with the model that
 * they need.
 *
 * @public
 */
export const catalogModuleToolRegistry = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'tool-registry',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        logger: coreServices.logger,
        model: catalogModelExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({
        auth,
        catalog,
        config,
        discovery,
        events,
        logger,
        model,
        scheduler,
      }) {
        model.addModelSource(
          // Upstream's layer too, so that servers stand with or without its own module.
          CatalogModelSources.static([
            mcpServerApiEntityModel,
            toolRegistryEntityModel,
          ]),
        );
        const schedule = config.has(SCHEDULE_KEY)
          ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
              config.getConfig(SCHEDULE_KEY),
            )
          : { frequency: { minutes: 2 }, timeout: { minutes: 2 } };
        catalog.addEntityProvider(
          new ToolRegistryEntityProvider({
            registry: new ToolRegistryClient({ discoveryApi: discovery }),
            auth,
            events,
            taskRunner: scheduler.createScheduledTaskRunner(schedule),
            logger,
          }),
        );
      },
    });
  },
});
