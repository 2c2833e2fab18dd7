import { KubeObject } from '../object';
import { RolloutPolicy } from '../plan/plan';
import { EvidenceClass } from '../run/run';
import { condition, since } from '../readiness/readiness';

/** What is wrong with a pod, as far as it counts or may come to count. */
export interface PodTrouble {
  class:
    | Exclude<EvidenceClass, 'deadline' | 'refused' | 'aborted'>
    | 'transient';
  container?: string;
  reason: string;
  message: string;
  exitCode?: number;
  restartCount?: number;
  /** It counts only if this object (or key) is really missing: what the kubelet says may come from a stale cache. */
  confirm?: { kind: 'ConfigMap' | 'Secret'; name: string; key?: string };
  /** The answer changes at this instant (ms since the epoch). */
  recheckAt?: number;
}

/** What a look at a pod depends on besides the pod. */
export interface PodContext {
  policy: RolloutPolicy;
  now: number;
  /** Restarts that the pod had before this rollout, over all containers. */
  restartBaseline: number;
  /** How often a container was ready and exited again, by container name. */
  flaps: ReadonlyMap<string, number>;
}

const PULL = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'RegistryUnavailable',
  'ImageInspectError',
]);
const PULL_HOPELESS =
  /not found|manifest unknown|no match for platform|no matching manifest|denied|unauthorized|does not exist|authorization failed|forbidden/i;
const PULL_PASSING =
  /\b(429|5\d\d)\b|timeout|timed out|deadline exceeded|too many requests|rate limit|toomanyrequests|connection refused|connection reset|no such host|temporary|EOF/i;
const START_HOPELESS =
  /exec format error|no such file or directory|executable file not found/i;
const MISSING_OBJECT = /(configmap|secret) "([^"]+)" not found/i;
const MISSING_KEY =
  /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^/\s]+\/)?(\S+)/i;

/**
 * What is wrong with a pod, worst first; undefined when nothing is. Init containers and sidecars count
 * like any other.
 */
export function classifyPod(
  pod: KubeObject,
  context: PodContext,
): PodTrouble | undefined {
  const troubles = containersOf(pod)
    .map(container => classifyContainer(pod, container, context))
    .filter(trouble => trouble !== undefined);
  const scheduling = classifyScheduling(pod, context);
  if (scheduling) troubles.push(scheduling);
  return (
    troubles.find(trouble => trouble.class !== 'transient') ??
    // What may turn bad at a known time goes before what just waits.
    troubles.find(trouble => trouble.recheckAt !== undefined) ??
    troubles[0]
  );
}

/** Statuses of all containers of a pod. */
export function containersOf({ status }: KubeObject): any[] {
  return [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
}

/** Restarts of a pod since it exists, over all containers. */
export function restartsOf(pod: KubeObject): number {
  return containersOf(pod).reduce(
    (sum, { restartCount = 0 }) => sum + restartCount,
    0,
  );
}

function classifyContainer(
  pod: KubeObject,
  container: any,
  { policy, restartBaseline, flaps }: PodContext,
): PodTrouble | undefined {
  const waiting = container.state?.waiting;
  const exit = container.state?.terminated ?? container.lastState?.terminated;
  const restartCount = container.restartCount ?? 0;
  const trouble = (
    kind: PodTrouble['class'],
    reason: string,
    message: string,
  ): PodTrouble => ({
    class: kind,
    container: container.name,
    reason,
    message,
    ...(typeof exit?.exitCode === 'number' ? { exitCode: exit.exitCode } : {}),
    restartCount,
  });

  if (waiting) {
    const reason = String(waiting.reason ?? 'Waiting');
    const said = String(waiting.message ?? '');
    if (reason === 'InvalidImageName' || reason === 'ErrImageNeverPull') {
      return trouble('terminal', reason, said);
    }
    if (PULL.has(reason)) {
      const hopeless = PULL_HOPELESS.test(said) && !PULL_PASSING.test(said);
      return trouble(hopeless ? 'terminal' : 'transient', reason, said);
    }
    if (reason === 'CreateContainerConfigError') {
      const confirm = missingReference(said);
      return confirm
        ? { ...trouble('terminal', reason, said), confirm }
        : trouble('transient', reason, said);
    }
    if (START_HOPELESS.test(said)) return trouble('terminal', reason, said);
    if (reason === 'CrashLoopBackOff') {
      if (exit && START_HOPELESS.test(String(exit.message ?? ''))) {
        return trouble('terminal', exit.reason ?? reason, exit.message);
      }
      const inRollout = restartsOf(pod) - restartBaseline;
      return trouble(
        inRollout >= policy.crashLoopRestarts ? 'looping' : 'transient',
        reason,
        crashMessage(said, exit),
      );
    }
    if (reason === 'RunContainerError' || reason === 'CreateContainerError') {
      return trouble('transient', reason, said);
    }
    if (reason === 'ContainerCreating' || reason === 'PodInitializing')
      return undefined;
    return trouble('transient', reason, said);
  }
  if ((flaps.get(container.name) ?? 0) >= policy.crashLoopRestarts) {
    return trouble(
      'looping',
      'Flapping',
      `was ready and exited ${flaps.get(container.name)} times`,
    );
  }
  if (
    pod.status?.phase === 'Failed' &&
    pod.status.reason !== 'Evicted' &&
    exit?.exitCode
  ) {
    return trouble('transient', exit.reason ?? 'Error', crashMessage('', exit));
  }
  return undefined;
}

function crashMessage(said: string, exit: any): string {
  const parts = [said];
  if (exit) {
    const words = [exit.reason, `exit code ${exit.exitCode}`]
      .filter(Boolean)
      .join(', ');
    parts.push(`last exit: ${words}${exit.message ? `: ${exit.message}` : ''}`);
  }
  return parts.filter(Boolean).join('; ');
}

function missingReference(message: string): PodTrouble['confirm'] {
  const key = MISSING_KEY.exec(message);
  if (key) return { kind: kindOf(key[2]), name: key[3], key: key[1] };
  const object = MISSING_OBJECT.exec(message);
  if (object) return { kind: kindOf(object[1]), name: object[2] };
  return undefined;
}

function kindOf(word: string): 'ConfigMap' | 'Secret' {
  return word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}

function classifyScheduling(
  pod: KubeObject,
  { policy, now }: PodContext,
): PodTrouble | undefined {
  const found = condition(pod, 'PodScheduled');
  if (found?.status !== 'False' || found.reason !== 'Unschedulable')
    return undefined;
  const recheckAt = since(found, now) + policy.unschedulableGraceSeconds * 1000;
  const over = now >= recheckAt;
  return {
    class: over ? 'unschedulable' : 'transient',
    reason: 'Unschedulable',
    message: found.message ?? 'no node takes the pod',
    ...(over ? {} : { recheckAt }),
  };
}
