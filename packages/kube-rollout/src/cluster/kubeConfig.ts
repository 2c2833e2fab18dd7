import type { KubeConfig } from '@kubernetes/client-node';

/**
 * An empty kubeconfig of the official client, to be loaded from a file or from options.
 *
 * The client is loaded on first use: it takes longer than all else that a portal starts with, and many portals start
 * without a rollout in sight.
 *
 * @example
 * ```ts
 * const kubeConfig = newKubeConfig();
 * kubeConfig.loadFromDefault();
 * const cluster = Cluster.fromKubeConfig(kubeConfig);
 * ```
 *
 * @public
 */
export function newKubeConfig(): KubeConfig {
  const client: typeof import('@kubernetes/client-node') =
    // eslint-disable-next-line global-require
    require('@kubernetes/client-node');
  return new client.KubeConfig();
}
