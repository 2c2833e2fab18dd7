import type { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type {
  Catalog,
  CatalogSummary,
  Server,
  ServerSummary,
  Source,
  Tool,
  ToolFilter,
  ToolPage,
} from './types';

/**
 * Options of one request.
 *
 * @public
 */
export interface ToolRegistryRequestOptions {
  /** Bearer token; not needed where the fetch API adds one, as in the browser. */
  token?: string;
  /** Ends the request. */
  signal?: AbortSignal;
}

/**
 * The tool registry's HTTP API.
 *
 * Each method throws `ResponseError` when the answer is not a 2xx one: 401 without a valid token,
 * 403 without the permission, 404 for an unknown id.
 *
 * @public
 */
export interface ToolRegistryApi {
  /** All catalogs, by title. */
  listCatalogs(
    options?: ToolRegistryRequestOptions,
  ): Promise<{ items: CatalogSummary[] }>;
  getCatalog(
    id: string,
    options?: ToolRegistryRequestOptions,
  ): Promise<Catalog>;
  /** All servers, by title. */
  listServers(
    options?: ToolRegistryRequestOptions,
  ): Promise<{ items: ServerSummary[] }>;
  getServer(id: string, options?: ToolRegistryRequestOptions): Promise<Server>;
  /** Tools by name; `limit` is 1 to 500, 100 if absent. */
  listTools(
    request?: { filter?: ToolFilter; cursor?: string; limit?: number },
    options?: ToolRegistryRequestOptions,
  ): Promise<ToolPage>;
  getTool(id: string, options?: ToolRegistryRequestOptions): Promise<Tool>;
  /** All sources, by id. */
  listSources(
    options?: ToolRegistryRequestOptions,
  ): Promise<{ items: Source[] }>;
  /** Reads a source now, and answers it with the outcome. */
  refreshSource(
    id: string,
    options?: ToolRegistryRequestOptions,
  ): Promise<Source>;
  /** The entities that stand from the accepted snapshots; for services only. */
  listEntities(
    options?: ToolRegistryRequestOptions,
  ): Promise<{ items: Entity[] }>;
}

/**
 * Typed client of the tool registry, for browsers and backends.
 *
 * @example
 * ```ts
 * const client = new ToolRegistryClient({ discoveryApi, fetchApi });
 * const { items } = await client.listTools({ filter: { query: 'order' } });
 * ```
 *
 * @public
 */
export class ToolRegistryClient implements ToolRegistryApi {
  readonly #baseUrl: () => Promise<string>;
  readonly #fetch: typeof fetch;

  /**
   * @param options - Where the plugin is, and how to ask it. In a backend `discoveryApi` is
   * `coreServices.discovery`, and `fetchApi` may be left out.
   */
  constructor(options: {
    discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
    fetchApi?: { fetch: typeof fetch };
  }) {
    this.#baseUrl = () => options.discoveryApi.getBaseUrl('tool-registry');
    this.#fetch = (...args) => (options.fetchApi?.fetch ?? fetch)(...args);
  }

  listCatalogs(options?: ToolRegistryRequestOptions) {
    return this.#request<{ items: CatalogSummary[] }>('/catalogs', options);
  }

  getCatalog(id: string, options?: ToolRegistryRequestOptions) {
    return this.#request<Catalog>(
      `/catalogs/${encodeURIComponent(id)}`,
      options,
    );
  }

  listServers(options?: ToolRegistryRequestOptions) {
    return this.#request<{ items: ServerSummary[] }>('/servers', options);
  }

  getServer(id: string, options?: ToolRegistryRequestOptions) {
    return this.#request<Server>(`/servers/${encodeURIComponent(id)}`, options);
  }

  listTools(
    request: { filter?: ToolFilter; cursor?: string; limit?: number } = {},
    options?: ToolRegistryRequestOptions,
  ) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({
      ...request.filter,
      cursor: request.cursor,
      limit: request.limit,
    })) {
      if (value !== undefined && value !== '') {
        query.set(name, String(value));
      }
    }
    const search = query.size > 0 ? `?${query}` : '';
    return this.#request<ToolPage>(`/tools${search}`, options);
  }

  getTool(id: string, options?: ToolRegistryRequestOptions) {
    return this.#request<Tool>(`/tools/${encodeURIComponent(id)}`, options);
  }

  listSources(options?: ToolRegistryRequestOptions) {
    return this.#request<{ items: Source[] }>('/sources', options);
  }

  refreshSource(id: string, options?: ToolRegistryRequestOptions) {
    return this.#request<Source>(
      `/sources/${encodeURIComponent(id)}/refresh`,
      options,
      'POST',
    );
  }

  listEntities(options?: ToolRegistryRequestOptions) {
    return this.#request<{ items: Entity[] }>('/entities', options);
  }

  async #request<T>(
    path: string,
    options: ToolRegistryRequestOptions = {},
    method: 'GET' | 'POST' = 'GET',
  ): Promise<T> {
    const response = await this.#fetch(`${await this.#baseUrl()}${path}`, {
      method,
      signal: options.signal,
      headers: {
        accept: 'application/json',
        ...(options.token && { authorization: `Bearer ${options.token}` }),
      },
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return await response.json();
  }
}
