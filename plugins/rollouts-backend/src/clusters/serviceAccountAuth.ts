import type { ClusterAuth } from '@agentyard/plugin-rollouts-node';
import { readFile } from 'node:fs/promises';

/** Where Kubernetes puts the token of the service account that a pod runs as. */
export const IN_CLUSTER_TOKEN_FILE =
  '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * `authProvider: serviceAccount`: the entry's `serviceAccountToken`, or without one the service account that this backend
 * itself runs as. The file is read each time, since the kubelet renews it.
 */
export function serviceAccountAuth(
  tokenFile: string = IN_CLUSTER_TOKEN_FILE,
): ClusterAuth {
  return {
    authProvider: 'serviceAccount',
    async bearerToken({ config }) {
      const token = config.getOptionalString('serviceAccountToken');
      if (token) return token;
      try {
        return (await readFile(tokenFile, 'utf8')).trim();
      } catch {
        throw new Error(
          'its entry has no serviceAccountToken, and this backend does not run inside a cluster',
        );
      }
    },
  };
}

/** `authProvider: localKubectlProxy`: `kubectl proxy` signs in by itself. */
export const localKubectlProxyAuth: ClusterAuth = {
  authProvider: 'localKubectlProxy',
  bearerToken: async () => undefined,
};
