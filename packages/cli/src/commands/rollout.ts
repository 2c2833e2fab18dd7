import { homedir } from 'node:os';
import path from 'node:path';
import {
  Cluster,
  createPlan,
  driveRun,
  fileRunStore,
  formatRef,
  newKubeConfig,
  parseManifests,
  startRun,
  verdictOf,
  type KubeObject,
  type Plan,
  type Run,
  type RunEvent,
  type RunStore,
  type Target,
} from '@agentyard/kube-rollout';
import type { KubeConfig } from '@kubernetes/client-node';
import { kindOf, readDocuments, readInput } from '../files';
import { UsageError, type Outcome } from '../outcome';

/** What all rollout commands are told. */
export interface RolloutOptions {
  name: string;
  context?: string;
  namespace: string;
  /** File that keeps runs, releases and inventories; beside the user's other state by default. */
  journal: string;
}

/** Where the journal lies unless told otherwise. */
export const defaultJournal = path.join(
  process.env.XDG_STATE_HOME ?? path.join(homedir(), '.local', 'state'),
  'agentyard',
  'rollouts.json',
);

/** `agentyard rollout plan`: what applying would change; nothing is applied. */
export async function rolloutPlan(
  options: RolloutOptions & { file: string; prune: boolean },
): Promise<Outcome> {
  const objects = await readObjects(options.file);
  return withCluster(options, async (cluster, store, target) => {
    const plan = await createPlan({
      cluster,
      store,
      target,
      objects,
      policy: { prune: options.prune },
    });
    return planOutcome(plan);
  });
}

/** `agentyard rollout apply`: plans, applies, watches until it is good, and goes back when it is not. */
export async function rolloutApply(
  options: RolloutOptions & {
    file: string;
    prune: boolean;
    yes?: boolean;
    onProgress: (line: string) => void;
  },
): Promise<Outcome> {
  const objects = await readObjects(options.file);
  return withCluster(options, (cluster, store, target) =>
    roll({ ...options, cluster, store, target, objects }),
  );
}

/** `agentyard rollout undo`: brings the release before the present one back. */
export async function rolloutUndo(
  options: RolloutOptions & {
    yes?: boolean;
    onProgress: (line: string) => void;
  },
): Promise<Outcome> {
  return withCluster(options, async (cluster, store, target) => {
    const releases = await store.listReleases(target);
    const [, previous] = [...releases].sort((a, b) => b.revision - a.revision);
    if (!previous) {
      throw new UsageError(
        'NO_PREVIOUS_RELEASE',
        `${describeTarget(target)} has no release before the present one.`,
      );
    }
    const { objects } = previous;
    return roll({ ...options, prune: true, cluster, store, target, objects });
  });
}

/** `agentyard rollout status`: what stands, and what stood before. Asks no cluster. */
export async function rolloutStatus(options: RolloutOptions): Promise<Outcome> {
  const store = await fileRunStore(options.journal);
  const target = targetOf(options, kubeConfigOf(options));
  const releases = [...(await store.listReleases(target))].sort(
    (a, b) => b.revision - a.revision,
  );
  const [current] = releases;
  return {
    exitCode: current ? 0 : 1,
    json: {
      target,
      releases: releases.map(({ objects, ...release }) => ({
        ...release,
        objects: objects.length,
      })),
    },
    text: current
      ? releases
          .map(
            ({ revision, createdAt, objects }, index) =>
              `${index === 0 ? '*' : ' '} release ${revision}  ${createdAt}  ${
                objects.length
              } objects`,
          )
          .join('\n')
      : `${describeTarget(target)} has no release.`,
  };
}

async function roll(options: {
  cluster: Cluster;
  store: RunStore;
  target: Target;
  objects: KubeObject[];
  prune: boolean;
  yes?: boolean;
  onProgress: (line: string) => void;
}): Promise<Outcome> {
  const { cluster, store, target, objects, prune, yes, onProgress } = options;
  const plan = await createPlan({
    cluster,
    store,
    target,
    objects,
    policy: { prune },
  });
  if (plan.refused) return planOutcome(plan);
  if (!yes) {
    const { text } = planOutcome(plan);
    throw new UsageError(
      'NOT_CONFIRMED',
      `${text}\nNothing was applied: give --yes to apply exactly this.`,
    );
  }
  const { id } = await startRun({ store, plan, digest: plan.digest });
  const run = await driveRun(id, {
    store,
    cluster,
    onEvent: event => {
      const line = describeEvent(event);
      if (line) onProgress(line);
    },
  });
  return runOutcome(run);
}

function planOutcome(plan: Plan): Outcome {
  const problems = plan.objects.flatMap(({ ref, problems: found }) =>
    found.map(problem => ({ object: formatRef(ref), ...problem })),
  );
  const counts = Object.entries(plan.counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action}`);
  return {
    exitCode: plan.refused ? 1 : 0,
    json: {
      status: plan.refused ? 'refused' : 'planned',
      digest: plan.digest,
      expiresAt: plan.expiresAt,
      counts: plan.counts,
      objects: plan.objects.map(({ ref, action, diff }) => ({
        object: formatRef(ref),
        action,
        diff: diff?.unified,
      })),
      reasons: problems,
    },
    text: [
      ...plan.objects.flatMap(({ ref, action, diff }) => [
        `${action.padEnd(9)} ${formatRef(ref)}`,
        ...(diff ? [indent(diff.unified)] : []),
      ]),
      ...problems.map(
        ({ severity, code, object, field, message }) =>
          `${severity}: ${code} ${object}${
            field ? ` ${field}` : ''
          }: ${message}`,
      ),
      `${counts.join(', ') || 'nothing'}${plan.refused ? '; refused' : ''}`,
    ].join('\n'),
  };
}

function runOutcome(run: Run): Outcome {
  const verdict = verdictOf(run) ?? 'inconclusive';
  const evidence = run.evidence.map(
    ({ object, pod, container, reason, message }) => ({
      object: formatRef(object),
      pod,
      container,
      reason,
      message,
    }),
  );
  return {
    exitCode: verdict === 'succeeded' ? 0 : 1,
    json: {
      verdict,
      run: { id: run.id, state: run.state, revision: run.revision },
      objects: run.objects.map(({ ref, action, state, message }) => ({
        object: formatRef(ref),
        action,
        state,
        message,
      })),
      evidence,
    },
    text: [
      ...evidence.map(
        ({ object, pod, container, reason, message }) =>
          `${[object, pod, container]
            .filter(Boolean)
            .join(' › ')}: ${reason}: ${message}`,
      ),
      `${verdict}${run.message ? `: ${run.message}` : ''}`,
    ].join('\n'),
  };
}

function describeEvent(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'state':
      return event.message ? `${event.state}: ${event.message}` : event.state;
    case 'object':
      return `${formatRef(event.object.ref)} ${event.object.state}${
        event.object.message ? `: ${event.object.message}` : ''
      }`;
    case 'message':
      return event.message;
    default:
      return undefined;
  }
}

async function withCluster(
  options: RolloutOptions,
  work: (cluster: Cluster, store: RunStore, target: Target) => Promise<Outcome>,
): Promise<Outcome> {
  const kubeConfig = kubeConfigOf(options);
  const cluster = Cluster.fromKubeConfig(kubeConfig, {
    context: options.context,
  });
  try {
    return await work(
      cluster,
      await fileRunStore(options.journal),
      targetOf(options, kubeConfig),
    );
  } finally {
    await cluster.close();
  }
}

function kubeConfigOf(options: RolloutOptions): KubeConfig {
  const kubeConfig = newKubeConfig();
  try {
    kubeConfig.loadFromDefault();
  } catch (error) {
    throw new UsageError(
      'BAD_KUBECONFIG',
      `The kubeconfig cannot be read: ${
        (error as Error).message
      }. Set KUBECONFIG to its path.`,
    );
  }
  if (options.context) kubeConfig.setCurrentContext(options.context);
  return kubeConfig;
}

function targetOf(options: RolloutOptions, kubeConfig: KubeConfig): Target {
  return {
    cluster: kubeConfig.getCurrentContext(),
    namespace: options.namespace,
    name: options.name,
  };
}

function describeTarget({ name, cluster, namespace }: Target) {
  return `${name} in ${cluster}/${namespace}`;
}

async function readObjects(place: string): Promise<KubeObject[]> {
  const texts =
    (await kindOf(place)) === 'folder'
      ? (await readDocuments(place)).map(({ content }) => String(content))
      : [String(await readInput(place))];
  return parseManifests(texts.join('\n---\n'));
}

function indent(text: string) {
  return text.replace(/^/gm, '    ').trimEnd();
}
