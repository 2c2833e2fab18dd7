import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';

/**
 * A cluster of the `kubernetes:` configuration, as an auth provider sees it.
 *
 * @public
 */
export interface ConfiguredCluster {
  /** Its `name`. */
  name: string;
  /** Its `url`. */
  url: string;
  /** Its whole entry, for keys that only this provider knows. */
  config: Config;
}

/**
 * Knows how a backend signs in to clusters of one `authProvider`.
 *
 * @public
 */
export interface ClusterAuth {
  /** The `authProvider` it serves, for example `aws`. */
  authProvider: string;
  /**
   * A bearer token, or undefined where none is needed. Asked on first use, about once a minute after that, and after a
   * 401; so it may be short-lived, and a provider that has to fetch it should keep it until shortly before it expires.
   *
   * @throws Error when there is none to be had; its message is shown beside the cluster, so it must name what is missing
   * and hold no secret.
   */
  bearerToken(cluster: ConfiguredCluster): Promise<string | undefined>;
}

/**
 * Adds ways to sign in to clusters. `serviceAccount` and `localKubectlProxy` are built in.
 *
 * @public
 */
export interface RolloutsClusterAuthExtensionPoint {
  /**
   * Adds a provider.
   *
   * @throws Error when its `authProvider` is served already
   */
  addClusterAuth(auth: ClusterAuth): void;
}

/**
 * Extension point of the rollouts backend for {@link ClusterAuth}.
 *
 * @example
 * ```ts
 * createBackendModule({
 *   pluginId: 'rollouts',
 *   moduleId: 'vault',
 *   register(env) {
 *     env.registerInit({
 *       deps: { clusterAuth: rolloutsClusterAuthExtensionPoint },
 *       async init({ clusterAuth }) {
 *         clusterAuth.addClusterAuth({
 *           authProvider: 'vault',
 *           bearerToken: cluster => readToken(cluster.config.getString('vaultPath')),
 *         });
 *       },
 *     });
 *   },
 * });
 * ```
 *
 * @public
 */
export const rolloutsClusterAuthExtensionPoint =
  createExtensionPoint<RolloutsClusterAuthExtensionPoint>({
    id: 'rollouts.clusterAuth',
  });
