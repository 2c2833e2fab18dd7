import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Allows one to see publishers, their keys (public part), statements, publications and log.
 *
 * @public
 */
export const catalogSigningPublisherReadPermission = createPermission({
  name: 'catalog-signing.publisher.read',
  attributes: { action: 'read' },
});

/**
 * Allows one to put or delete a publication, and with it to have a new statement signed.
 *
 * @public
 */
export const catalogSigningCatalogPublishPermission = createPermission({
  name: 'catalog-signing.catalog.publish',
  attributes: { action: 'update' },
});

/**
 * All permissions of catalog signing.
 *
 * @public
 */
export const catalogSigningPermissions = [
  catalogSigningPublisherReadPermission,
  catalogSigningCatalogPublishPermission,
];
