import { createApiRef } from '@backstage/core-plugin-api';
import type { ToolRegistryApi } from '@agentyard/plugin-tool-registry-common';

/**
 * The tool registry's API in the browser.
 *
 * @public
 */
export const toolRegistryApiRef = createApiRef<ToolRegistryApi>({
  id: 'plugin.tool-registry.client',
});
