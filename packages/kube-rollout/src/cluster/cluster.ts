import type { KubeConfig } from '@kubernetes/client-node';

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

/**
 * A connection to one cluster: kept connections, raw JSON, own discovery, shared watches.
 * One instance serves any number of plans and runs; close it at the end.
 *
 * @example
 * ```ts
 * const kubeConfig = new KubeConfig();
 * kubeConfig.loadFromDefault();
 * const cluster = Cluster.fromKubeConfig(kubeConfig, { name: 'production' });
 * ```
 *
 * @public
 */
export class Cluster {
  readonly name: string;

  /**
   * @throws ClusterError `BAD_KUBECONFIG` when the context, its cluster or its user is missing or cannot be used
   */
  static fromKubeConfig(
    kubeConfig: KubeConfig,
    options: ClusterOptions = {},
  ): Cluster {
    return new Cluster(options.name ?? kubeConfig.getCurrentContext());
  }

  private constructor(name: string) {
    this.name = name;
  }

  /**
   * Asks the API server for its version: the cheapest way to learn whether it answers.
   * @returns the git version, for instance `v1.36.3`
   * @throws ClusterError `UNREACHABLE`, `UNAUTHORIZED`, `FORBIDDEN`, …
   */
  async version(_signal?: AbortSignal): Promise<string> {
    throw new Error('under construction');
  }

  /** Ends all watches and connections. */
  async close(): Promise<void> {}
}
