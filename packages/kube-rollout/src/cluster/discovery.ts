import { setTimeout } from 'node:timers/promises';
import { ClusterError } from '../errors';
import { Transport } from './transport';

/** A kind as the API server serves it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** Name in paths, for instance `deployments`. */
  plural: string;
  namespaced: boolean;
  verbs: string[];
}

const TTL_MS = 10 * 60_000;
const ASK_AGAIN_MS = 150;

/**
 * Which kinds the API server serves, asked per group and version when first needed. A kind that is not there is
 * asked for anew each time: it may be the one whose definition was just applied.
 */
export class Discovery {
  readonly #transport: Transport;
  readonly #groupVersions = new Map<
    string,
    { at: number; resources: Promise<Map<string, Resource>> }
  >();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** @throws ClusterError `UNKNOWN_KIND` */
  async resource(apiVersion: string, kind: string): Promise<Resource> {
    const found =
      (await this.#load(apiVersion, false)).get(kind) ??
      (await this.#load(apiVersion, true)).get(kind);
    if (!found) {
      throw new ClusterError(
        'UNKNOWN_KIND',
        `the API server does not serve ${kind} in ${apiVersion}`,
      );
    }
    return found;
  }

  /**
   * Waits until the API server serves a kind: it lists one a moment after its definition is established.
   * @throws ClusterError `UNKNOWN_KIND` when it does not within the time
   */
  async awaitResource(
    apiVersion: string,
    kind: string,
    options: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Resource> {
    const { timeoutMs = 15_000, signal } = options;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        return await this.resource(apiVersion, kind);
      } catch (error) {
        const unknown =
          error instanceof ClusterError && error.code === 'UNKNOWN_KIND';
        if (!unknown || Date.now() > deadline) throw error;
      }
      await setTimeout(ASK_AGAIN_MS, undefined, { signal });
    }
  }

  async #load(
    apiVersion: string,
    refresh: boolean,
  ): Promise<Map<string, Resource>> {
    const known = this.#groupVersions.get(apiVersion);
    const age = known ? Date.now() - known.at : Infinity;
    // A refresh within the same breath would hear the same answer; it also keeps 100 unknown objects at one question.
    if (known && age < (refresh ? 100 : TTL_MS)) return known.resources;
    const entry = { at: Date.now(), resources: this.#fetch(apiVersion) };
    this.#groupVersions.set(apiVersion, entry);
    entry.resources.catch(() => {
      if (this.#groupVersions.get(apiVersion) === entry) {
        this.#groupVersions.delete(apiVersion);
      }
    });
    return entry.resources;
  }

  async #fetch(apiVersion: string): Promise<Map<string, Resource>> {
    let body: any;
    try {
      ({ body } = await this.#transport.request({
        method: 'GET',
        path: apiVersionPath(apiVersion),
      }));
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'NOT_FOUND') {
        return new Map();
      }
      throw error;
    }
    const resources = new Map<string, Resource>();
    for (const item of body?.resources ?? []) {
      // A slash marks a subresource.
      if (item.name.includes('/')) continue;
      resources.set(item.kind, {
        apiVersion,
        kind: item.kind,
        plural: item.name,
        namespaced: item.namespaced,
        verbs: item.verbs,
      });
    }
    return resources;
  }
}

/** Base path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function apiVersionPath(apiVersion: string): string {
  return apiVersion.includes('/')
    ? `/apis/${apiVersion}`
    : `/api/${apiVersion}`;
}

/** Path of all objects of a kind, in one namespace or in all. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const scope =
    resource.namespaced && namespace
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${apiVersionPath(resource.apiVersion)}${scope}/${resource.plural}`;
}
