import { Cluster, RolloutError, newKubeConfig } from '@agentyard/kube-rollout';
import type { Cluster as ClusterView } from '@agentyard/plugin-rollouts-common';
import type { ClusterAuth } from '@agentyard/plugin-rollouts-node';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { readFile } from 'node:fs/promises';
import { NotFoundRefusal, RequestRefusal } from '../service/errors';
import { ClusterEntry, readClusters } from './readClusters';

const CHECK_TIMEOUT_MS = 5_000;

/**
 * The configured clusters and the connections to them. The configuration is read anew each time, so that clusters can be
 * added without a restart; a connection lives as long as its entry stays the same.
 */
export class ClusterDirectory {
  readonly #config: Config;
  readonly #logger: LoggerService;
  readonly #auths: Map<string, ClusterAuth>;
  readonly #checkTimeoutMs: number;
  readonly #connections = new Map<
    string,
    { fingerprint: string; cluster: Promise<Cluster> }
  >();

  constructor(options: {
    config: Config;
    logger: LoggerService;
    auths: ClusterAuth[];
    /** Longest wait for one cluster's answer to a check. Default 5 s. */
    checkTimeoutMs?: number;
  }) {
    this.#config = options.config;
    this.#logger = options.logger;
    this.#auths = new Map(options.auths.map(auth => [auth.authProvider, auth]));
    this.#checkTimeoutMs = options.checkTimeoutMs ?? CHECK_TIMEOUT_MS;
  }

  /**
   * The connection to a cluster; nothing is asked of the cluster yet.
   * @throws NotFoundRefusal `CLUSTER_NOT_FOUND`
   * @throws RequestRefusal `CLUSTER_UNSUPPORTED`
   */
  async connect(name: string): Promise<Cluster> {
    const entry = readClusters(this.#config).find(each => each.name === name);
    if (!entry) {
      throw new NotFoundRefusal(
        'CLUSTER_NOT_FOUND',
        `There is no cluster ${name} in the kubernetes: section of the configuration`,
      );
    }
    return this.#connect(entry);
  }

  /** Asks all clusters at once, each for a bounded time: what is wrong with one changes nothing for the others. */
  async check(): Promise<ClusterView[]> {
    const entries = readClusters(this.#config);
    const views = await Promise.all(entries.map(entry => this.#check(entry)));
    return views.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.allSettled(
      connections.map(async ({ cluster }) => (await cluster).close()),
    );
  }

  async #check(entry: ClusterEntry): Promise<ClusterView> {
    const finding = await this.#find(entry);
    return {
      name: entry.name,
      ...(entry.title && { title: entry.title }),
      url: entry.url,
      authProvider: entry.authProvider,
      ...finding,
      checkedAt: new Date().toISOString(),
    };
  }

  async #find(
    entry: ClusterEntry,
  ): Promise<Pick<ClusterView, 'state' | 'version' | 'message'>> {
    let cluster: Cluster;
    try {
      cluster = await this.#connect(entry);
    } catch (error) {
      return { state: 'unsupported', message: (error as Error).message };
    }
    const timeout = AbortSignal.timeout(this.#checkTimeoutMs);
    try {
      return { state: 'reachable', version: await cluster.version(timeout) };
    } catch (error) {
      if (timeout.aborted) {
        return {
          state: 'unreachable',
          message: `${entry.url} gave no answer within ${
            this.#checkTimeoutMs / 1000
          } s`,
        };
      }
      const { code, message } = error as RolloutError;
      if (code === 'UNAUTHORIZED' || code === 'FORBIDDEN') {
        return {
          state: 'unauthorized',
          message: `The API server refuses the credentials of ${entry.name}: ${message}. Renew them in its configuration`,
        };
      }
      if (code === 'BAD_KUBECONFIG') return { state: 'unsupported', message };
      if (!(error instanceof RolloutError)) {
        this.#logger.warn(`Cannot check cluster ${entry.name}`, error as Error);
      }
      return { state: 'unreachable', message };
    }
  }

  async #connect(entry: ClusterEntry): Promise<Cluster> {
    const auth = this.#auths.get(entry.authProvider);
    if (!auth) {
      const known = [...this.#auths.keys()].sort().join(', ');
      throw new RequestRefusal(
        'CLUSTER_UNSUPPORTED',
        `A backend cannot sign in to cluster ${entry.name} with authProvider ${entry.authProvider}. ` +
          `Use one of ${known}, or add a module that provides it`,
      );
    }
    const fingerprint = JSON.stringify(entry.config.get()) + entry.url;
    const known = this.#connections.get(entry.name);
    if (known?.fingerprint === fingerprint) return known.cluster;

    const cluster = open(entry, auth);
    this.#connections.set(entry.name, { fingerprint, cluster });
    // Runs that still use the old connection take the new one when they are resumed.
    known?.cluster.then(old => old.close()).catch(() => {});
    cluster.catch(() => {
      if (this.#connections.get(entry.name)?.cluster === cluster) {
        this.#connections.delete(entry.name);
      }
    });
    return cluster;
  }
}

async function open(entry: ClusterEntry, auth: ClusterAuth): Promise<Cluster> {
  try {
    // Asked for once now, so that a missing credential is told as what it is.
    await auth.bearerToken(entry);
    const kubeConfig = newKubeConfig();
    kubeConfig.loadFromOptions({
      clusters: [
        {
          name: entry.name,
          server: entry.url,
          caData: await certificateAuthority(entry),
          // The client takes a plain address only with this; the engine takes one only on loopback.
          skipTLSVerify: entry.skipTLSVerify || entry.url.startsWith('http:'),
        },
      ],
      users: [{ name: entry.name }],
      contexts: [{ name: entry.name, cluster: entry.name, user: entry.name }],
      currentContext: entry.name,
    });
    return Cluster.fromKubeConfig(kubeConfig, {
      name: entry.name,
      bearerToken: () => auth.bearerToken(entry),
    });
  } catch (error) {
    throw new RequestRefusal(
      'CLUSTER_UNSUPPORTED',
      `Cluster ${entry.name} cannot be used: ${(error as Error).message}`,
    );
  }
}

async function certificateAuthority({
  caData,
  caFile,
}: ClusterEntry): Promise<string | undefined> {
  if (caData || !caFile) return caData;
  try {
    return (await readFile(caFile)).toString('base64');
  } catch (error) {
    throw new Error(
      `its caFile cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}
