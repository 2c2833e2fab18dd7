import { createApiRef } from '@backstage/core-plugin-api';
import type { RolloutsApi } from '@agentyard/plugin-rollouts-common';

/**
 * The rollouts API in the browser.
 *
 * @public
 */
export const rolloutsApiRef = createApiRef<RolloutsApi>({
  id: 'plugin.rollouts.client',
});
