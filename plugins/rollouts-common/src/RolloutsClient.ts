import { ResponseError } from '@backstage/errors';
import { Cluster } from './cluster';
import { Plan, PlanRequest, PlanSummary } from './plan';
import { Release } from './release';
import { Run, RunRequest, RunState, RunSummary } from './run';

/**
 * Per-request options. A frontend leaves `token` out, since its fetch API signs in by itself.
 *
 * @public
 */
export interface RolloutsRequestOptions {
  /** Backstage token of the caller. */
  token?: string;
  /** Ends the request. */
  signal?: AbortSignal;
}

/**
 * Which part of the plans, runs or releases to list. Newest first.
 *
 * @public
 */
export interface RolloutsFilter {
  /** Name of the application. */
  name?: string;
  /** Name of the cluster. */
  cluster?: string;
  /** Catalog entity that is rolled out. */
  entityRef?: string;
  /** Number of items, 1 to 200; 50 when absent. */
  limit?: number;
}

/**
 * The rollouts HTTP API. Every method throws `ResponseError` (`@backstage/errors`) when the answer is not a
 * success; its `cause.code` is a {@link RolloutsErrorCode} where the service refused by a rule of its own.
 *
 * @public
 */
export interface RolloutsApi {
  /** All configured clusters, each checked now. */
  getClusters(options?: RolloutsRequestOptions): Promise<{ items: Cluster[] }>;
  /** Makes a plan; a plan that the cluster refuses is an answer (`state: 'refused'`), not an error. */
  createPlan(
    request: PlanRequest,
    options?: RolloutsRequestOptions,
  ): Promise<Plan>;
  /** Lists plans. */
  getPlans(
    filter?: RolloutsFilter,
    options?: RolloutsRequestOptions,
  ): Promise<{ items: PlanSummary[] }>;
  /** One plan with its objects. */
  getPlan(id: string, options?: RolloutsRequestOptions): Promise<Plan>;
  /** Starts the run of a plan. A plan has one run: asking again answers the run that exists, so a retry is harmless. */
  startRun(request: RunRequest, options?: RolloutsRequestOptions): Promise<Run>;
  /** Lists runs. */
  getRuns(
    filter?: RolloutsFilter & { state?: RunState },
    options?: RolloutsRequestOptions,
  ): Promise<{ items: RunSummary[] }>;
  /** One run with objects, evidence and log. */
  getRun(id: string, options?: RolloutsRequestOptions): Promise<Run>;
  /**
   * Takes a run back. Answers the run itself while it is active, and else the new run that brings the release before
   * it back.
   */
  rollbackRun(id: string, options?: RolloutsRequestOptions): Promise<Run>;
  /** Lists releases. */
  getReleases(
    filter?: RolloutsFilter,
    options?: RolloutsRequestOptions,
  ): Promise<{ items: Release[] }>;
}

/**
 * {@link RolloutsApi} over HTTP.
 *
 * @example
 * ```ts
 * const client = new RolloutsClient({ discoveryApi: discovery });
 * const { items } = await client.getRuns({ entityRef: 'component:default/echo' }, { token });
 * ```
 *
 * @public
 */
export class RolloutsClient implements RolloutsApi {
  readonly #discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  readonly #fetchApi: { fetch: typeof fetch };

  /**
   * @param options - where the API is (`discoveryApi`: a discovery API or service) and how to ask it (`fetchApi`; the
   * global `fetch` when absent)
   */
  constructor(options: {
    discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
    fetchApi?: { fetch: typeof fetch };
  }) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi ?? { fetch: (...args) => fetch(...args) };
  }

  /** {@inheritDoc RolloutsApi.getClusters} */
  getClusters(options?: RolloutsRequestOptions): Promise<{ items: Cluster[] }> {
    return this.#request('GET', '/clusters', options);
  }

  /** {@inheritDoc RolloutsApi.createPlan} */
  createPlan(
    request: PlanRequest,
    options?: RolloutsRequestOptions,
  ): Promise<Plan> {
    return this.#request('POST', '/plans', options, request);
  }

  /** {@inheritDoc RolloutsApi.getPlans} */
  getPlans(
    filter?: RolloutsFilter,
    options?: RolloutsRequestOptions,
  ): Promise<{ items: PlanSummary[] }> {
    return this.#request('GET', `/plans${query(filter)}`, options);
  }

  /** {@inheritDoc RolloutsApi.getPlan} */
  getPlan(id: string, options?: RolloutsRequestOptions): Promise<Plan> {
    return this.#request('GET', `/plans/${encodeURIComponent(id)}`, options);
  }

  /** {@inheritDoc RolloutsApi.startRun} */
  startRun(
    request: RunRequest,
    options?: RolloutsRequestOptions,
  ): Promise<Run> {
    return this.#request('POST', '/runs', options, request);
  }

  /** {@inheritDoc RolloutsApi.getRuns} */
  getRuns(
    filter?: RolloutsFilter & { state?: RunState },
    options?: RolloutsRequestOptions,
  ): Promise<{ items: RunSummary[] }> {
    return this.#request('GET', `/runs${query(filter)}`, options);
  }

  /** {@inheritDoc RolloutsApi.getRun} */
  getRun(id: string, options?: RolloutsRequestOptions): Promise<Run> {
    return this.#request('GET', `/runs/${encodeURIComponent(id)}`, options);
  }

  /** {@inheritDoc RolloutsApi.rollbackRun} */
  rollbackRun(id: string, options?: RolloutsRequestOptions): Promise<Run> {
    return this.#request(
      'POST',
      `/runs/${encodeURIComponent(id)}/rollback`,
      options,
    );
  }

  /** {@inheritDoc RolloutsApi.getReleases} */
  getReleases(
    filter?: RolloutsFilter,
    options?: RolloutsRequestOptions,
  ): Promise<{ items: Release[] }> {
    return this.#request('GET', `/releases${query(filter)}`, options);
  }

  async #request<T>(
    method: 'GET' | 'POST',
    path: string,
    options?: RolloutsRequestOptions,
    body?: unknown,
  ): Promise<T> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('rollouts');
    const response = await this.#fetchApi.fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(options?.token && { authorization: `Bearer ${options.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: options?.signal,
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}

function query(filter: object = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (value !== undefined) params.set(key, String(value));
  }
  return params.size ? `?${params}` : '';
}
