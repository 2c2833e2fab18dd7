import { createExtensionPoint } from '@backstage/backend-plugin-api';

/**
 * A publication that comes from code instead of the HTTP API: a module hands over its OpenAPI documents and says when
 * they have changed.
 *
 * @public
 */
export interface SpecSource {
  /** `agentyard.signing.publishers[].id`; `undefined` = the first (default) publisher. */
  publisherId?: string;
  /** Name of the publication; the rule is `PUBLICATION_NAME_PATTERN` of the common package. */
  name: string;
  /**
   * Answers the complete set of documents: relative path with forward slashes, and text. Called at start and after each
   * change. When it throws, the publication stays as it was.
   */
  read(): Promise<{ path: string; content: string }[]>;
  /** Called once; the source calls `listener` whenever `read` would answer something else. */
  onChange?(listener: () => void): void;
}

/**
 * Adds sources of OpenAPI documents to catalog signing.
 *
 * @public
 */
export interface CatalogSigningSpecSourceExtensionPoint {
  addSpecSource(source: SpecSource): void;
}

/**
 * Extension point for modules that bring publications.
 *
 * @example
 * ```ts
 * createBackendModule({
 *   pluginId: 'catalog-signing',
 *   moduleId: 'orders',
 *   register(env) {
 *     env.registerInit({
 *       deps: { specs: catalogSigningSpecSourceExtensionPoint },
 *       async init({ specs }) {
 *         specs.addSpecSource({
 *           name: 'orders',
 *           read: async () => [{ path: 'openapi.yaml', content: await readFile(file, 'utf8') }],
 *         });
 *       },
 *     });
 *   },
 * });
 * ```
 *
 * @public
 */
export const catalogSigningSpecSourceExtensionPoint =
  createExtensionPoint<CatalogSigningSpecSourceExtensionPoint>({
    id: 'catalog-signing.spec-source',
  });
