import { KubeConfig } from '@kubernetes/client-node';
import {
  canStartControlPlane,
  requireControlPlane,
  startControlPlane,
} from 'e2e/control-plane/index.mjs';
import { Agent, fetch } from 'undici';

/** Name of the cluster that these tests share; a cluster that the user named goes by no other. */
const NAME = process.env.AGENTYARD_TEST_KUBECONFIG ? 'default' : 'rollouts';

/** `describe` where there is a control plane; else the suite is skipped by name, with what to install. */
export function describeOnCluster(suite: string, tests: () => void): void {
  const run = requireControlPlane(canStartControlPlane(), suite)
    ? describe
    : describe.skip;
  run(suite, tests);
}

/** A cluster for tests, talked to past the engine. */
export class TestCluster {
  readonly #kubeConfig: KubeConfig;

  static async start(): Promise<TestCluster> {
    const { kubeconfig } = await startControlPlane({ name: NAME });
    const loaded = new KubeConfig();
    loaded.loadFromFile(kubeconfig);
    return new TestCluster(loaded);
  }

  private constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
  }

  /** The `kubernetes:` section that names this cluster `test`. */
  get kubernetesConfig() {
    const cluster = this.#kubeConfig.getCurrentCluster()!;
    return {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: 'test',
              url: cluster.server,
              authProvider: 'serviceAccount',
              serviceAccountToken: this.#kubeConfig.getCurrentUser()!.token!,
              caData: cluster.caData!,
            },
          ],
        },
      ],
    };
  }

  /** A fresh namespace. */
  async namespace(): Promise<string> {
    const name = `rollouts-${Date.now().toString(36)}${Math.random()
      .toString(36)
      .slice(2, 6)}`;
    await this.#request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
    return name;
  }

  /** Reads what a path of the API gives; undefined when there is nothing. */
  async read(path: string): Promise<any> {
    return this.#request('GET', path);
  }

  /** Merges into an object, as somebody else would. */
  async patch(path: string, body: object): Promise<any> {
    return this.#request('PATCH', path, body);
  }

  async #request(method: string, path: string, body?: object): Promise<any> {
    const { server, caData } = this.#kubeConfig.getCurrentCluster()!;
    const dispatcher = new Agent({
      connect: { ca: Buffer.from(caData!, 'base64').toString() },
    });
    try {
      const response = await fetch(`${server}${path}`, {
        method,
        dispatcher,
        headers: {
          authorization: `Bearer ${this.#kubeConfig.getCurrentUser()!.token}`,
          'content-type':
            method === 'PATCH'
              ? 'application/merge-patch+json'
              : 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      const answer = await response.json();
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer;
    } finally {
      await dispatcher.close();
    }
  }
}

/** A Deployment; `notes` are annotations of its pod template, such as `sim/failure`. */
export function deployment(
  name: string,
  options: { image?: string; notes?: Record<string, string> } = {},
): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: options.notes ?? {} },
        spec: {
          containers: [
            { name: 'main', image: options.image ?? 'registry.example/echo:1' },
          ],
        },
      },
    },
  });
}

/** Several documents as one text. */
export function documents(...texts: string[]): string {
  return texts.join('\n---\n');
}
