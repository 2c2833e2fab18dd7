/**
 * How long until N Deployments are applied and seen to be available, and in how many API requests? The rollout engine
 * against the floor (parallel PATCH and one watch) and against kubectl, on one test control plane. The plan was made before.
 *
 * Subjects take turns, each run in a namespace of its own; a ratio is that of the medians of three warm runs. Requests are
 * counted by user agent from the audit log. Exits with 1 if a figure is above its goal, with 2 if nothing could be measured.
 *
 * Usage: apply-and-observe [N] (100 unless told, 1 to 2,000)
 */
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import {
  ControlPlaneProblem,
  countRequests,
  startControlPlane,
  stopControlPlane,
} from 'e2e/control-plane/index.mjs';
import { Api } from './api';
import { deployments, REPLICAS } from './deployments';
import { engine } from './engine';
import { floor } from './floor';
import { kubectl } from './kubectl';
import type { Subject } from './subject';

const RUNS = 3;
const GOALS = { floor: 1.25, kubectl: 0.15, requestsBeyondN: 10 };
const CLUSTER = 'apply-and-observe';

interface Measurement {
  seconds: number;
  requests: number;
  byVerb: Record<string, number>;
}

async function main(): Promise<number> {
  const count = Number(process.argv[2] ?? 100);
  if (!Number.isInteger(count) || count < 1 || count > 2_000) {
    process.stderr.write('usage: apply-and-observe [N], N from 1 to 2000\n');
    return 2;
  }
  // Tests trade the servers' speed for memory; here they run as they do elsewhere.
  process.env.GOGC ??= '100';
  const controlPlane = await startControlPlane({
    name: CLUSTER,
    say: text => process.stderr.write(`${text}\n`),
  });
  const { kubeconfig, auditLog } = controlPlane;
  if (!auditLog || !controlPlane.kubectl) {
    process.stderr.write(
      'requests are counted from the audit log of a control plane of our own; unset AGENTYARD_TEST_KUBECONFIG\n',
    );
    return 2;
  }
  const api = new Api(kubeconfig, 'apply-and-observe', 4);
  const subjects = [
    floor(kubeconfig),
    engine(kubeconfig),
    await kubectl(controlPlane.kubectl, kubeconfig, 'each'),
    await kubectl(controlPlane.kubectl, kubeconfig, 'together'),
  ];
  try {
    const results = new Map<Subject, Measurement[]>(
      subjects.map(subject => [subject, []]),
    );
    for (let round = 0; round <= RUNS; round++) {
      for (const subject of subjects) {
        const result = await measure(api, auditLog, subject, round, count);
        const warm = round > 0;
        if (warm) results.get(subject)!.push(result);
        process.stderr.write(
          `${warm ? `run ${round}` : 'warm-up'} ${subject.name}: ${show(
            result,
          )}\n`,
        );
      }
    }
    return report(count, subjects, results);
  } finally {
    await Promise.all(subjects.map(subject => subject.close()));
    api.close();
    await stopControlPlane({ name: CLUSTER });
  }
}

async function measure(
  api: Api,
  auditLog: string,
  subject: Subject,
  round: number,
  count: number,
): Promise<Measurement> {
  const namespace = `${subject.name}-${round}`;
  await createNamespace(api, namespace);
  const run = await subject.prepare(namespace, deployments(count, namespace));
  const since = new Date();
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  const { total, byVerb } = await countRequests(auditLog, {
    userAgent: subject.userAgent,
    since,
  });
  await requireAvailable(api, namespace, count);
  await removeAll(api, namespace);
  return { seconds, requests: total, byVerb };
}

async function createNamespace(api: Api, name: string): Promise<void> {
  await api.ask('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  });
  // Pods are refused until the namespace has its service account.
  await until(async () => {
    const { items } = await api.ask(
      'GET',
      `/api/v1/namespaces/${name}/serviceaccounts`,
    );
    return items.length > 0;
  });
}

/** Nobody may win by stopping early. */
async function requireAvailable(
  api: Api,
  namespace: string,
  count: number,
): Promise<void> {
  const { items } = await api.ask(
    'GET',
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
  );
  const available = items.filter(
    ({ status }: any) => status.availableReplicas === REPLICAS,
  );
  if (available.length !== count) {
    throw new Error(
      `${available.length} of ${count} Deployments in ${namespace} are available`,
    );
  }
}

/** The next run must not share the machine with this one's end. */
async function removeAll(api: Api, namespace: string): Promise<void> {
  await api.ask(
    'DELETE',
    `/apis/apps/v1/namespaces/${namespace}/deployments?propagationPolicy=Background`,
  );
  await until(async () => {
    const [{ items: sets }, { items: pods }] = await Promise.all([
      api.ask(
        'GET',
        `/apis/apps/v1/namespaces/${namespace}/replicasets?limit=1`,
      ),
      api.ask('GET', `/api/v1/namespaces/${namespace}/pods?limit=1`),
    ]);
    return sets.length + pods.length === 0;
  });
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error('waited 5 minutes in vain');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function report(
  count: number,
  subjects: Subject[],
  results: Map<Subject, Measurement[]>,
): number {
  const [bare, own, rival, kindRival] = subjects;
  const seconds = (subject: Subject) =>
    median(results.get(subject)!.map(each => each.seconds));
  const requests = Math.max(...results.get(own)!.map(each => each.requests));
  const figures = [
    {
      what: 'time, kube-rollout to floor',
      value: seconds(own) / seconds(bare),
      goal: GOALS.floor,
    },
    {
      what: 'time, kube-rollout to kubectl',
      value: seconds(own) / seconds(rival),
      goal: GOALS.kubectl,
    },
    {
      what: `requests of kube-rollout for ${count} objects`,
      value: requests,
      goal: count + GOALS.requestsBeyondN,
    },
  ];
  const cpus = os.cpus();
  print(
    `apply and observe ${count} Deployments of ${REPLICAS} replicas; medians of ${RUNS} warm runs; ${cpus.length} × ${cpus[0]?.model}, Node ${process.version}`,
  );
  for (const subject of subjects) {
    const all = results.get(subject)!;
    print(
      `  ${subject.name.padEnd(18)}${seconds(subject).toFixed(2)} s  (${all
        .map(each => each.seconds.toFixed(2))
        .join(', ')}), requests ${all.map(each => each.requests).join(', ')}`,
    );
  }
  for (const { what, value, goal } of figures) {
    print(
      `${value <= goal ? 'good' : 'MISSED'}  ${what}: ${round2(
        value,
      )} (goal ≤ ${goal})`,
    );
  }
  print(
    `      for comparison, without a goal: kube-rollout to kubectl-together ${round2(
      seconds(own) / seconds(kindRival),
    )}, floor to kubectl-together ${round2(
      seconds(bare) / seconds(kindRival),
    )}`,
  );
  return figures.every(({ value, goal }) => value <= goal) ? 0 : 1;
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const round2 = (value: number) => Math.round(value * 1000) / 1000;
const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const show = ({ seconds, requests, byVerb }: Measurement) =>
  `${seconds.toFixed(2)} s, ${requests} requests ${JSON.stringify(byVerb)}`;

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    if (!(error instanceof ControlPlaneProblem)) throw error;
    process.stderr.write(`${error.message}\n${error.advice ?? ''}\n`);
    process.exitCode = 2;
  },
);
