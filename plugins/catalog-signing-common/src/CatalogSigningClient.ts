import { ResponseError } from '@backstage/errors';
import {
  DeletePublicationResult,
  LogEntry,
  Publisher,
  PublisherDetail,
  PutPublicationResult,
  SpecFile,
} from './types';

/**
 * Options of one request.
 *
 * @public
 */
export interface CatalogSigningRequestOptions {
  /** Backstage token; in the browser `fetchApi` adds it. */
  token?: string;
  signal?: AbortSignal;
}

/**
 * The HTTP API of catalog signing. Every method throws a `ResponseError` of `@backstage/errors` for an answer
 * other than 2xx. For a refused publication `error.body.error` has `code` and `problems` (`PublishProblem[]`), which tell
 * what was wrong and where.
 *
 * @public
 */
export interface CatalogSigningApi {
  /** All publishers, in the order of the configuration. */
  getPublishers(
    options?: CatalogSigningRequestOptions,
  ): Promise<{ items: Publisher[] }>;
  /** One publisher with its keys and publications. */
  getPublisher(
    id: string,
    options?: CatalogSigningRequestOptions,
  ): Promise<PublisherDetail>;
  /** Newest entries of the publisher's log, newest first. `before` is an index to page on from. */
  getLog(
    id: string,
    query?: { before?: number; limit?: number },
    options?: CatalogSigningRequestOptions,
  ): Promise<{ items: LogEntry[] }>;
  /**
   * Puts a named set of OpenAPI documents and publishes the catalog over all publications anew, whole or not at all.
   * Putting the same content again changes nothing.
   */
  putPublication(
    id: string,
    name: string,
    specs: SpecFile[],
    options?: CatalogSigningRequestOptions,
  ): Promise<PutPublicationResult>;
  /** Takes a publication out of the catalog. */
  deletePublication(
    id: string,
    name: string,
    options?: CatalogSigningRequestOptions,
  ): Promise<DeletePublicationResult>;
}

/**
 * Client of the catalog signing backend, for frontends and backends.
 *
 * @example
 * ```ts
 * const client = new CatalogSigningClient({ discoveryApi: discovery });
 * const { statement } = await client.putPublication('portal', 'orders', specs, { token });
 * ```
 *
 * @public
 */
export class CatalogSigningClient implements CatalogSigningApi {
  readonly #discovery: { getBaseUrl(pluginId: string): Promise<string> };
  readonly #fetch: typeof fetch;

  constructor(options: {
    discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
    /** Default: the global `fetch`. */
    fetchApi?: { fetch: typeof fetch };
  }) {
    this.#discovery = options.discoveryApi;
    this.#fetch = (input, init) =>
      (options.fetchApi?.fetch ?? fetch)(input, init);
  }

  async getPublishers(options?: CatalogSigningRequestOptions) {
    return this.#request<{ items: Publisher[] }>(
      'GET',
      ['publishers'],
      options,
    );
  }

  async getPublisher(id: string, options?: CatalogSigningRequestOptions) {
    return this.#request<PublisherDetail>('GET', ['publishers', id], options);
  }

  async getLog(
    id: string,
    query: { before?: number; limit?: number } = {},
    options?: CatalogSigningRequestOptions,
  ) {
    const search = new URLSearchParams();
    if (query.before !== undefined) search.set('before', String(query.before));
    if (query.limit !== undefined) search.set('limit', String(query.limit));
    return this.#request<{ items: LogEntry[] }>(
      'GET',
      ['publishers', id, 'log'],
      options,
      { search },
    );
  }

  async putPublication(
    id: string,
    name: string,
    specs: SpecFile[],
    options?: CatalogSigningRequestOptions,
  ) {
    return this.#request<PutPublicationResult>(
      'PUT',
      ['publishers', id, 'publications', name],
      options,
      { body: { specs } },
    );
  }

  async deletePublication(
    id: string,
    name: string,
    options?: CatalogSigningRequestOptions,
  ) {
    return this.#request<DeletePublicationResult>(
      'DELETE',
      ['publishers', id, 'publications', name],
      options,
    );
  }

  async #request<T>(
    method: string,
    path: string[],
    options: CatalogSigningRequestOptions = {},
    extra: { search?: URLSearchParams; body?: unknown } = {},
  ): Promise<T> {
    const url = new URL(
      `${await this.#discovery.getBaseUrl('catalog-signing')}/${path
        .map(encodeURIComponent)
        .join('/')}`,
    );
    if (extra.search) url.search = extra.search.toString();
    const headers: Record<string, string> = { accept: 'application/json' };
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    if (extra.body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.#fetch(url, {
      method,
      headers,
      body: extra.body === undefined ? undefined : JSON.stringify(extra.body),
      signal: options.signal,
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response.json();
  }
}
