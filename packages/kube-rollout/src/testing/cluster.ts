import { KubeConfig } from '@kubernetes/client-node';
// Only tests reach this file, so that a development dependency is right.
// eslint-disable-next-line @backstage/no-undeclared-imports
import {
  canStartControlPlane,
  ControlPlane,
  requireControlPlane,
  startControlPlane,
} from 'e2e/control-plane/index.mjs';
import { Agent, fetch } from 'undici';
import { Cluster, ClusterOptions } from '../cluster/cluster';
import { createPlan, CreatePlanOptions } from '../plan/createPlan';
import { KubeObject } from '../object';
import { parseManifests } from '../manifests';
import { Plan, RolloutPolicy, Target } from '../plan/plan';
import { driveRun } from '../run/driveRun';
import { memoryRunStore } from '../run/memoryRunStore';
import { Run, RunEvent } from '../run/run';
import { RunStore } from '../run/runStore';
import { startRun } from '../run/startRun';

/** Name of the cluster that these tests share; a cluster that the user named goes by no other. */
const NAME = process.env.AGENTYARD_TEST_KUBECONFIG ? 'default' : 'kube-rollout';

/** `describe` where there is a control plane; else the suite is skipped by name, with what to install. */
export function describeOnCluster(suite: string, tests: () => void): void {
  const run = requireControlPlane(canStartControlPlane(), suite)
    ? describe
    : describe.skip;
  run(suite, tests);
}

/** One connection to the test cluster, and a namespace for each test. */
export class TestCluster {
  readonly cluster: Cluster;
  readonly controlPlane: ControlPlane;
  readonly #kubeConfig: KubeConfig;

  static async start(): Promise<TestCluster> {
    return new TestCluster(await startControlPlane({ name: NAME }));
  }

  private constructor(controlPlane: ControlPlane) {
    this.controlPlane = controlPlane;
    this.#kubeConfig = new KubeConfig();
    this.#kubeConfig.loadFromFile(controlPlane.kubeconfig);
    this.cluster = this.connect();
  }

  connect(options: ClusterOptions = {}): Cluster {
    return Cluster.fromKubeConfig(this.#kubeConfig, {
      name: 'test',
      ...options,
    });
  }

  /** A fresh namespace as target of an application. */
  async target(name: string): Promise<Target> {
    const namespace = `${name}-${Date.now().toString(36)}${Math.random()
      .toString(36)
      .slice(2, 6)}`;
    await this.applyAsOther({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    return { cluster: 'test', namespace, name };
  }

  /** Applies as somebody else would, by force. */
  async applyAsOther(
    object: KubeObject,
    manager = 'somebody',
  ): Promise<KubeObject> {
    return this.request('PATCH', object, `?fieldManager=${manager}&force=true`);
  }

  /** Talks to the API server past the engine, so that tests do not judge it by itself. */
  async request(
    method: 'GET' | 'PATCH' | 'DELETE',
    ref: KubeObject,
    query = '',
  ): Promise<KubeObject> {
    const options: any = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const { plural, namespaced } = await this.cluster.resource(
      ref.apiVersion,
      ref.kind,
    );
    const base = ref.apiVersion.includes('/')
      ? `/apis/${ref.apiVersion}`
      : `/api/${ref.apiVersion}`;
    const scope = namespaced ? `/namespaces/${ref.metadata.namespace}` : '';
    const dispatcher = new Agent({
      connect: { ca: options.ca, cert: options.cert, key: options.key },
    });
    try {
      const response = await fetch(
        `${
          this.#kubeConfig.getCurrentCluster()!.server
        }${base}${scope}/${plural}/${ref.metadata.name}${query}`,
        {
          method,
          dispatcher,
          headers: {
            ...options.headers,
            'content-type': 'application/apply-patch+yaml',
          },
          body: method === 'PATCH' ? JSON.stringify(ref) : undefined,
        },
      );
      const body = (await response.json()) as KubeObject;
      if (!response.ok && response.status !== 404)
        throw new Error(JSON.stringify(body));
      return body;
    } finally {
      await dispatcher.close();
    }
  }

  /** Reads an object past the engine; undefined when there is none. */
  async read(
    apiVersion: string,
    kind: string,
    namespace: string,
    name: string,
  ): Promise<KubeObject | undefined> {
    const found = await this.request('GET', {
      apiVersion,
      kind,
      metadata: { namespace, name },
    });
    return found.kind === 'Status' ? undefined : found;
  }

  async close(): Promise<void> {
    await this.cluster.close();
  }
}

/** Plans and runs one application again and again, as its owner would. */
export class Application {
  readonly events: RunEvent[] = [];
  readonly store: RunStore;
  readonly cluster: Cluster;
  readonly target: Target;

  constructor(
    cluster: Cluster,
    target: Target,
    store: RunStore = memoryRunStore(),
  ) {
    this.cluster = cluster;
    this.target = target;
    this.store = store;
  }

  plan(
    manifests: string,
    policy: Partial<RolloutPolicy> = {},
    more: Partial<CreatePlanOptions> = {},
  ): Promise<Plan> {
    const { cluster, store, target } = this;
    return createPlan({
      cluster,
      store,
      target,
      objects: parseManifests(manifests),
      policy,
      ...more,
    });
  }

  async start(
    manifests: string,
    policy: Partial<RolloutPolicy> = {},
  ): Promise<Run> {
    return startRun({
      store: this.store,
      plan: await this.plan(manifests, policy),
    });
  }

  drive(run: Pick<Run, 'id'>, store = this.store): Promise<Run> {
    return driveRun(run.id, {
      store,
      cluster: this.cluster,
      onEvent: event => this.events.push(event),
    });
  }

  async rollOut(
    manifests: string,
    policy: Partial<RolloutPolicy> = {},
  ): Promise<Run> {
    return this.drive(await this.start(manifests, policy));
  }
}

/** A Deployment; `notes` are annotations of its pod template, such as `sim/failure`. */
export function deployment(
  name: string,
  options: {
    replicas?: number;
    image?: string;
    notes?: Record<string, string>;
  } = {},
): string {
  const {
    replicas = 2,
    image = 'registry.example/web:1',
    notes = {},
  } = options;
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: notes },
        spec: { containers: [{ name: 'main', image }] },
      },
    },
  });
}

export function configMap(name: string, data: Record<string, string>): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data,
  });
}

/** Several documents as one text. */
export function documents(...texts: string[]): string {
  return texts.join('\n---\n');
}
