import type { ConfiguredCluster } from '@agentyard/plugin-rollouts-node';
import { ConfigReader, type Config } from '@backstage/config';

/** A cluster as the configuration has it, before anything was tried. */
export interface ClusterEntry extends ConfiguredCluster {
  title?: string;
  authProvider: string;
  /** PEM of the certificate authority in base64. */
  caData?: string;
  /** Path of the certificate authority's PEM. */
  caFile?: string;
  skipTLSVerify: boolean;
}

const AUTH_PROVIDER = 'kubernetes.io/auth-provider';

// What the Kubernetes plugin calls it, and where `kubectl proxy` listens unless told otherwise.
const LOCAL_KUBECTL_PROXY: ClusterEntry = {
  name: 'local',
  url: 'http://127.0.0.1:8001',
  authProvider: 'localKubectlProxy',
  skipTLSVerify: false,
  config: new ConfigReader({}),
};

/**
 * Clusters of the `kubernetes:` section, as the Kubernetes plugin reads them: locators of type `config` and
 * `localKubectlProxy`. Other locators find clusters by asking somebody; they are left to that plugin.
 *
 * Of two entries with one name the first counts.
 *
 * @throws Error when an entry lacks a name, address or auth provider; names the key
 */
export function readClusters(config: Config): ClusterEntry[] {
  const locators =
    config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  const entries = locators.flatMap(locator => {
    switch (locator.getString('type')) {
      case 'config':
        return locator.getConfigArray('clusters').map(readCluster);
      case 'localKubectlProxy':
        return [LOCAL_KUBECTL_PROXY];
      default:
        return [];
    }
  });
  return entries.filter(
    (entry, i) => entries.findIndex(each => each.name === entry.name) === i,
  );
}

function readCluster(config: Config): ClusterEntry {
  const metadata = config.getOptional<Record<string, unknown>>('authMetadata');
  const provider = metadata?.[AUTH_PROVIDER];
  return {
    name: config.getString('name'),
    title: config.getOptionalString('title'),
    url: config.getString('url'),
    authProvider:
      typeof provider === 'string'
        ? provider
        : config.getString('authProvider'),
    caData: config.getOptionalString('caData'),
    caFile: config.getOptionalString('caFile'),
    skipTLSVerify: config.getOptionalBoolean('skipTLSVerify') ?? false,
    config,
  };
}
