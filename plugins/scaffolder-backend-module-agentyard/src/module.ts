import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { CatalogSigningClient } from '@agentyard/plugin-catalog-signing-common';
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { createCatalogGenerateAction } from './actions/catalog/generate';
import { createCatalogSignAction } from './actions/catalog/sign';
import { createCatalogValidateAction } from './actions/catalog/validate';
import { createPublishLocalGitAction } from './actions/publish/localGit';
import { createRolloutPlanAction } from './actions/rollout/plan';
import { createRolloutStartAction } from './actions/rollout/start';

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
      async init({ scaffolder, config, auth, discovery }) {
        const signing = new CatalogSigningClient({ discoveryApi: discovery });
        const rollouts = new RolloutsClient({ discoveryApi: discovery });
        scaffolder.addActions(
          createCatalogGenerateAction(),
          createCatalogValidateAction(),
          createCatalogSignAction({ signing, auth }),
          createPublishLocalGitAction({ config }),
          createRolloutPlanAction({ rollouts, auth }),
          createRolloutStartAction({ rollouts, auth }),
        );
      },
    });
  },
});
