import { createBackend } from '@backstage/backend-defaults';
import { localGitUrlReaderServiceFactory } from '@agentyard/plugin-scaffolder-backend-module-agentyard';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-proxy-backend'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
// Refuses to sign anyone in outside development.
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
);

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-ai-model'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));

backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-gitlab'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-gitea'));
backend.add(
  import('@backstage/plugin-scaffolder-backend-module-notifications'),
);

backend.add(import('@backstage/plugin-techdocs-backend'));

backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-pg'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(import('@backstage/plugin-search-backend-module-techdocs'));

backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@backstage/plugin-mcp-actions-backend'));

backend.add(import('@agentyard/plugin-tool-registry-backend'));
backend.add(import('@agentyard/plugin-catalog-backend-module-tool-registry'));
backend.add(import('@agentyard/plugin-catalog-signing-backend'));
backend.add(import('@agentyard/plugin-rollouts-backend'));
backend.add(import('@agentyard/plugin-scaffolder-backend-module-agentyard'));
// Reads back what was published to the portal's own repositories.
backend.add(localGitUrlReaderServiceFactory);

// Development only; see agentyard.demo.
backend.add(import('./demo'));

backend.start();
