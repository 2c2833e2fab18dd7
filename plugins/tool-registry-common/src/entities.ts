import type { Entity } from '@backstage/catalog-model';

/**
 * `spec.type` of the API entity that stands for an MCP server.
 *
 * @public
 */
export const MCP_SERVER_TYPE = 'mcp-server';

/**
 * `spec.type` of the API entity that stands for a tool.
 *
 * @public
 */
export const MCP_TOOL_TYPE = 'mcp-tool';

/**
 * `spec.type` of the Resource entity that stands for a signed tool catalog.
 *
 * @public
 */
export const TOOL_CATALOG_TYPE = 'tool-catalog';

/**
 * Relation from a tool to the catalog that lists it; the reverse is {@link RELATION_LISTS_TOOL}.
 *
 * @public
 */
export const RELATION_LISTED_IN = 'listedIn';

/**
 * Relation from a catalog to the tools that it lists; the reverse is {@link RELATION_LISTED_IN}.
 *
 * @public
 */
export const RELATION_LISTS_TOOL = 'listsTool';

/**
 * Id of the source from which an entity stands; set on every entity that the registry provides.
 *
 * @public
 */
export const ANNOTATION_SOURCE_ID = 'agentyard.dev/source-id';

/**
 * Id of the server in the registry.
 *
 * @public
 */
export const ANNOTATION_SERVER_ID = 'agentyard.dev/server-id';

/**
 * URL of the MCP endpoint, on servers and their tools.
 *
 * @public
 */
export const ANNOTATION_SERVER_URL = 'agentyard.dev/server-url';

/**
 * Id of the tool in the registry.
 *
 * @public
 */
export const ANNOTATION_TOOL_ID = 'agentyard.dev/tool-id';

/**
 * Digest of the tool's definition, `sha256:<hex>`.
 *
 * @public
 */
export const ANNOTATION_TOOL_DIGEST = 'agentyard.dev/tool-digest';

/**
 * Digest of the accepted catalog, `sha256:<hex>`.
 *
 * @public
 */
export const ANNOTATION_CATALOG_DIGEST = 'agentyard.dev/catalog-digest';

/**
 * Verdict with which the catalog was accepted: `verified`, or in audit mode another status. The
 * verdict of the last attempt is in the registry's API.
 *
 * @public
 */
export const ANNOTATION_VERDICT = 'agentyard.dev/verdict';

/**
 * DID of the catalog's publisher.
 *
 * @public
 */
export const ANNOTATION_PUBLISHER = 'agentyard.dev/publisher';

/**
 * Location under which the registry's entity provider emits its entities, in
 * `backstage.io/managed-by-origin-location`; entities from elsewhere are hand-written.
 *
 * @public
 */
export const ENTITY_PROVIDER_LOCATION = 'tool-registry:entities';

/**
 * Whether an entity stands for an MCP server.
 *
 * @public
 */
export function isMcpServer(entity: Entity): boolean {
  return hasType(entity, 'api', MCP_SERVER_TYPE);
}

/**
 * Whether an entity stands for a tool.
 *
 * @public
 */
export function isMcpTool(entity: Entity): boolean {
  return hasType(entity, 'api', MCP_TOOL_TYPE);
}

/**
 * Whether an entity stands for a signed tool catalog.
 *
 * @public
 */
export function isToolCatalog(entity: Entity): boolean {
  return hasType(entity, 'resource', TOOL_CATALOG_TYPE);
}

function hasType(entity: Entity, kind: string, type: string): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === kind &&
    entity.spec?.type === type
  );
}
