import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Read catalogs, servers, tools and sources.
 *
 * @public
 */
export const toolRegistryCatalogReadPermission = createPermission({
  name: 'tool-registry.catalog.read',
  attributes: { action: 'read' },
});

/**
 * Ask the registry to read a source now.
 *
 * @public
 */
export const toolRegistrySourceRefreshPermission = createPermission({
  name: 'tool-registry.source.refresh',
  attributes: { action: 'update' },
});

/**
 * All permissions of the tool registry.
 *
 * @public
 */
export const toolRegistryPermissions = [
  toolRegistryCatalogReadPermission,
  toolRegistrySourceRefreshPermission,
];
