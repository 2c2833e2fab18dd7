import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';

/**
 * Scaffolder actions `agentyard:…`: generate, validate and sign catalogs, publish to a local Git repository,
 * plan and start rollouts.
 *
 * @public
 */
export const scaffolderModuleAgentyard = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'agentyard',
  register(env) {
    env.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      async init({ scaffolder }) {
        scaffolder
          .addActions
          // catalog and publish
          // rollout
          ();
      },
    });
  },
});
