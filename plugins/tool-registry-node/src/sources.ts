import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type {
  SourceMode,
  VerificationProfile,
} from '@agentyard/plugin-tool-registry-common';

/**
 * A source as its provider declares it.
 *
 * @public
 */
export type SourceDeclaration =
  | EatCatalogSourceDeclaration
  | McpServerSourceDeclaration;

/**
 * What all sources declare.
 *
 * @public
 */
export interface SourceDeclarationBase {
  /** Unique among the provider's sources: 1 to 190 letters, digits, dots, hyphens, underscores. */
  id: string;
  /** Absolute http or https URL; the address policy decides whether it is ever asked. */
  url: string;
  /** Entity ref of the owner; `group:default/unknown` if absent. */
  owner?: string;
  /** The hand-written entity that declares the source, and then stands for what it brings. */
  entityRef?: string;
  /** Time between two attempts in seconds, at least 10; 300 for catalogs and 60 for servers if absent. */
  intervalSeconds?: number;
}

/**
 * A signed tool catalog.
 *
 * @public
 */
export interface EatCatalogSourceDeclaration extends SourceDeclarationBase {
  type: 'eat-catalog';
  /** DID of the expected publisher; the catalog's host decides if absent. */
  publisher?: string;
  /** `strict` if absent. */
  profile?: VerificationProfile;
  /** `enforce` if absent. */
  mode?: SourceMode;
}

/**
 * One MCP server.
 *
 * @public
 */
export interface McpServerSourceDeclaration extends SourceDeclarationBase {
  type: 'mcp-server';
}

/**
 * Knows sources that the registry then reads on their schedule.
 *
 * @public
 */
export interface SourceProvider {
  /**
   * Unique name of lower-case letters, digits and hyphens; the sources' ids begin with it.
   */
  readonly name: string;
  /**
   * All sources that the provider knows now.
   *
   * A source that is no longer listed is forgotten with all that it brought. So throw when the
   * list could not be read in full: the registry then keeps what it has.
   */
  listSources(options: { signal: AbortSignal }): Promise<SourceDeclaration[]>;
}

/**
 * Where a module adds source providers.
 *
 * @public
 */
export interface ToolRegistrySourcesExtensionPoint {
  /** Throws when a provider of that name is already there. */
  addSourceProvider(provider: SourceProvider): void;
}

/**
 * Adds sources of tools to the registry.
 *
 * @example
 * ```ts
 * createBackendModule({
 *   pluginId: 'tool-registry',
 *   moduleId: 'inventory',
 *   register(env) {
 *     env.registerInit({
 *       deps: { sources: toolRegistrySourcesExtensionPoint },
 *       async init({ sources }) {
 *         sources.addSourceProvider(new InventorySourceProvider());
 *       },
 *     });
 *   },
 * });
 * ```
 *
 * @public
 */
export const toolRegistrySourcesExtensionPoint =
  createExtensionPoint<ToolRegistrySourcesExtensionPoint>({
    id: 'tool-registry.sources',
  });
