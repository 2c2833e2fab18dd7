import type { KubeConfig } from '@kubernetes/client-node';
import { newKubeConfig } from './kubeConfig';
import { ClusterError } from '../errors';
import { KubeObject, ObjectRef } from '../object';
import { FIELD_MANAGER } from '../version';
import { WatchPool } from '../watch/watchPool';
import { collectionPath, Discovery, Resource } from './discovery';
import { Transport } from './transport';

/**
 * How to reach a cluster.
 *
 * @public
 */
export interface ClusterOptions {
  /** Name under which plans, runs and messages speak of the cluster. Default: the context's name. */
  name?: string;
  /** Context of the kubeconfig; default: its current one. */
  context?: string;
  /**
   * Replaces the kubeconfig's user: asked for a bearer token on first use, again every minute and after a 401.
   * It is never stored.
   */
  bearerToken?: () => Promise<string | undefined>;
  /** Longest wait for the answer to one request, in milliseconds. Default 30 000. */
  timeoutMs?: number;
  /** Connections kept for requests; watches have their own. Default 16. */
  connections?: number;
}

const PAGE = 500;

/**
 * A connection to one cluster: kept connections, raw JSON, own discovery, shared watches.
 * One instance serves any number of plans and runs; close it at the end.
 *
 * @example
 * ```ts
 * const kubeConfig = newKubeConfig();
 * kubeConfig.loadFromDefault();
 * const cluster = Cluster.fromKubeConfig(kubeConfig, { name: 'production' });
 * ```
 *
 * @public
 */
export class Cluster {
  readonly name: string;
  /** @internal */
  readonly watches: WatchPool;
  readonly #transport: Transport;
  readonly #discovery: Discovery;

  /**
   * @throws ClusterError `BAD_KUBECONFIG` when the context or its cluster is missing or cannot be used
   */
  static fromKubeConfig(
    kubeConfig: KubeConfig,
    options: ClusterOptions = {},
  ): Cluster {
    // A copy: choosing a context must not change it for others who hold the same kubeconfig.
    const own = newKubeConfig();
    own.loadFromOptions({
      clusters: kubeConfig.getClusters(),
      users: kubeConfig.getUsers(),
      contexts: kubeConfig.getContexts(),
      currentContext: options.context ?? kubeConfig.getCurrentContext(),
    });
    if (!own.getContextObject(own.getCurrentContext())) {
      throw new ClusterError(
        'BAD_KUBECONFIG',
        `the kubeconfig has no context "${own.getCurrentContext()}"`,
      );
    }
    return new Cluster(
      options.name ?? own.getCurrentContext(),
      new Transport(own, {
        timeoutMs: options.timeoutMs ?? 30_000,
        connections: options.connections ?? 16,
        bearerToken: options.bearerToken,
      }),
    );
  }

  private constructor(name: string, transport: Transport) {
    this.name = name;
    this.#transport = transport;
    this.#discovery = new Discovery(transport);
    this.watches = new WatchPool(transport);
  }

  /**
   * Asks the API server for its version: the cheapest way to learn whether it answers.
   * @returns the git version, for instance `v1.36.3`
   * @throws ClusterError `UNREACHABLE`, `UNAUTHORIZED`, `FORBIDDEN`, …
   */
  async version(signal?: AbortSignal): Promise<string> {
    const { body } = await this.#transport.request({
      method: 'GET',
      path: '/version',
      signal,
    });
    return String(body?.gitVersion ?? 'unknown');
  }

  /** Ends all watches and connections. */
  async close(): Promise<void> {
    this.watches.close();
    await this.#transport.close();
  }

  /**
   * How the API server serves a kind.
   * @throws ClusterError `UNKNOWN_KIND`
   * @internal
   */
  resource(apiVersion: string, kind: string): Promise<Resource> {
    return this.#discovery.resource(apiVersion, kind);
  }

  /**
   * How the API server serves a kind whose definition may just have been applied.
   * @throws ClusterError `UNKNOWN_KIND` when it is not served within some seconds
   * @internal
   */
  awaitResource(
    apiVersion: string,
    kind: string,
    signal?: AbortSignal,
  ): Promise<Resource> {
    return this.#discovery.awaitResource(apiVersion, kind, { signal });
  }

  /**
   * Reads one object; undefined when it does not exist.
   * @internal
   */
  async get(
    ref: ObjectRef,
    signal?: AbortSignal,
  ): Promise<KubeObject | undefined> {
    const path = await this.#path(ref);
    try {
      return (await this.#transport.request({ method: 'GET', path, signal }))
        .body;
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'NOT_FOUND') {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Reads all objects of a kind in a namespace, page by page.
   * @internal
   */
  async *list(
    resource: Resource,
    namespace: string | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<KubeObject> {
    let next: string | undefined;
    do {
      const { body } = await this.#transport.request({
        method: 'GET',
        path: collectionPath(resource, namespace),
        query: { limit: PAGE, continue: next },
        signal,
      });
      for (const item of body.items ?? []) {
        // Items of a list leave out what the list itself says.
        yield { ...item, apiVersion: resource.apiVersion, kind: resource.kind };
      }
      next = body.metadata?.continue || undefined;
    } while (next);
  }

  /**
   * Server-side apply with our field manager, never by force.
   * @returns the object as it then is, whether it is new, and the server's warnings
   * @internal
   */
  async apply(
    manifest: KubeObject,
    options: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<{ object: KubeObject; created: boolean; warnings: string[] }> {
    const { apiVersion, kind, metadata } = manifest;
    const { status, body, warnings } = await this.#transport.request({
      method: 'PATCH',
      path: await this.#path({
        apiVersion,
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
      }),
      query: {
        fieldManager: FIELD_MANAGER,
        force: false,
        fieldValidation: 'Strict',
        dryRun: options.dryRun ? 'All' : undefined,
      },
      body: manifest,
      contentType: 'application/apply-patch+yaml',
      signal: options.signal,
    });
    return { object: body, created: status === 201, warnings };
  }

  /**
   * Deletes exactly this object: when another has taken its name, the server refuses (`CONFLICT`).
   * @returns false when it did not exist
   * @internal
   */
  async delete(
    ref: ObjectRef,
    uid: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.#transport.request({
        method: 'DELETE',
        path: await this.#path(ref),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: 'Background',
          preconditions: { uid },
        },
        signal,
      });
      return true;
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'NOT_FOUND') {
        return false;
      }
      throw error;
    }
  }

  async #path(ref: ObjectRef): Promise<string> {
    const resource = await this.resource(ref.apiVersion, ref.kind);
    return `${collectionPath(resource, ref.namespace)}/${encodeURIComponent(
      ref.name,
    )}`;
  }
}
