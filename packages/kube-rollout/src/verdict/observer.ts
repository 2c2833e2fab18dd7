import { Cluster } from '../cluster/cluster';
import { Resource } from '../cluster/discovery';
import { ClusterError, RolloutError } from '../errors';
import { KubeObject, ObjectRef, refKey } from '../object';
import { RolloutPolicy } from '../plan/plan';
import { assess } from '../readiness/assess';
import { condition, Readiness } from '../readiness/readiness';
import { Evidence, ObjectProgress, PodProgress } from '../run/run';
import { controllerOf, SharedWatch } from '../watch/sharedWatch';
import { scopeKey, WatchHold } from '../watch/watchPool';
import {
  classifyPod,
  containersOf,
  PodTrouble,
  restartsOf,
} from './classifyPod';
import { FlapCounter } from './flapCounter';
import { Dependents, newRevision, NewRevision, POD_OWNERS } from './newPods';
import { hasFailed } from './tolerance';

/** What an observer works with. */
export interface ObserverOptions {
  cluster: Cluster;
  policy: RolloutPolicy;
  /** Restart counts, by pod UID, of pods that were there before the rollout. */
  restartBaseline: Record<string, number>;
  /** Told when the progress of an object has changed. */
  onProgress: (progress: ObjectProgress) => void;
  /** Told when sight of the cluster is lost or is back. */
  onSight: (live: boolean, reason?: ClusterError) => void;
  /** Told of each look at an object that is not ready. */
  onLook?: (object: KubeObject, dependents: Dependents) => void;
}

/** An object under judgement. */
interface Subject {
  progress: ObjectProgress;
  appliedAt: number;
  bestAvailable: number;
  seen: boolean;
  timer?: NodeJS.Timeout;
  settle: (evidence: Evidence[]) => void;
  fail: (error: Error) => void;
}

const SIGHT_RETRY_MS = 2_000;

/**
 * Judges objects by what the shared watches show: each change of an object, of its ReplicaSets or of its pods brings
 * exactly one new look at it. Nothing is polled; grace periods and deadlines are timers.
 */
export class Observer implements Dependents {
  readonly #options: ObserverOptions;
  readonly #holds = new Map<
    string,
    { hold: WatchHold; kind: string; namespace?: string; stop: () => void }
  >();
  readonly #subjects = new Map<string, Subject>();
  readonly #flaps = new FlapCounter();
  readonly #dirty = new Set<string>();
  /** Missing objects that were looked up, by what the kubelet said. */
  readonly #confirmed = new Map<string, boolean | 'asking'>();
  #scheduled?: NodeJS.Immediate;
  #closed = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /**
   * Opens the watches that judging these objects takes, and waits until each is complete.
   * @throws ClusterError when the server refuses one
   */
  async watch(refs: ObjectRef[], signal?: AbortSignal): Promise<void> {
    const { cluster } = this.#options;
    const scopes = new Map<
      string,
      { resource: Resource; namespace?: string; name?: string }
    >();
    const add = async (
      apiVersion: string,
      kind: string,
      namespace?: string,
      name?: string,
    ) => {
      const resource = await cluster.awaitResource(apiVersion, kind, signal);
      const scope = { resource, namespace, name };
      scopes.set(scopeKey(scope), scope);
    };
    const asked = new Set<string>();
    const once = async (
      apiVersion: string,
      kind: string,
      namespace?: string,
      name?: string,
    ) => {
      const key = [apiVersion, kind, namespace, name].join('|');
      if (asked.has(key)) return;
      asked.add(key);
      await add(apiVersion, kind, namespace, name);
    };
    await Promise.all(
      refs.flatMap(({ apiVersion, kind, namespace, name }) => [
        once(apiVersion, kind, namespace, namespace ? undefined : name),
        ...(kind === 'Deployment'
          ? [once('apps/v1', 'ReplicaSet', namespace)]
          : []),
        ...(POD_OWNERS.has(kind) ? [once('v1', 'Pod', namespace)] : []),
      ]),
    );
    const holds = [...scopes].map(([key, scope]) => {
      const known = this.#holds.get(key);
      if (known) return known.hold;
      const hold = cluster.watches.acquire(scope);
      const stop = hold.watch.subscribe({
        onObject: (object, gone) => this.#onObject(object, gone),
        onSight: (live, reason) => this.#options.onSight(live, reason),
      });
      this.#holds.set(key, {
        hold,
        kind: scope.resource.kind,
        namespace: scope.namespace,
        stop,
      });
      return hold;
    });
    await untilAborted(
      Promise.all(holds.map(({ watch }) => watch.synced)),
      signal,
    );
  }

  /** Restart counts of the pods that belong to these objects now. */
  restartCounts(refs: ObjectRef[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const ref of refs) {
      const uid = this.#find(ref)?.metadata.uid;
      if (!uid) continue;
      const owners = [
        uid,
        ...[...this.controlledBy(uid, 'ReplicaSet')].map(
          ({ metadata }) => metadata.uid!,
        ),
      ];
      for (const owner of owners) {
        for (const pod of this.controlledBy(owner, 'Pod')) {
          const restarts = restartsOf(pod);
          if (restarts > 0) counts[pod.metadata.uid!] = restarts;
        }
      }
    }
    return counts;
  }

  controlledBy(uid: string, kind: 'ReplicaSet' | 'Pod'): Iterable<KubeObject> {
    return [...this.#watchesOf(kind)].flatMap(watch => [
      ...watch.controlledBy(uid),
    ]);
  }

  /**
   * Watches one applied object until it is ready (empty answer) or has failed (the evidence). Keeps `progress` up to
   * date meanwhile.
   */
  judge(progress: ObjectProgress, signal?: AbortSignal): Promise<Evidence[]> {
    const key = refKey(progress.ref);
    const now = Date.now();
    progress.deadline ??= new Date(
      now + this.#options.policy.deadlineSeconds * 1000,
    ).toISOString();
    return new Promise<Evidence[]>((resolve, reject) => {
      const over = new AbortController();
      const end = (finish: () => void) => {
        const subject = this.#subjects.get(key);
        clearTimeout(subject?.timer);
        this.#subjects.delete(key);
        over.abort();
        finish();
      };
      const onAbort = () =>
        end(() =>
          reject(new RolloutError('ABORTED', 'the observation was aborted')),
        );
      this.#subjects.set(key, {
        progress,
        appliedAt: now,
        bestAvailable: 0,
        seen: false,
        settle: evidence => end(() => resolve(evidence)),
        fail: error => end(() => reject(error)),
      });
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { signal: over.signal });
      this.#touch(key);
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#scheduled) clearImmediate(this.#scheduled);
    for (const subject of [...this.#subjects.values()]) {
      subject.fail(new RolloutError('ABORTED', 'the observer was closed'));
    }
    for (const { hold, stop } of this.#holds.values()) {
      stop();
      hold.release();
    }
    this.#holds.clear();
  }

  *#watchesOf(kind: string): Iterable<SharedWatch> {
    for (const held of this.#holds.values()) {
      if (held.kind === kind) yield held.hold.watch;
    }
  }

  #find(ref: ObjectRef): KubeObject | undefined {
    for (const watch of this.#watchesOf(ref.kind)) {
      const found = watch.get(ref.namespace, ref.name);
      if (found && refKey(refFrom(found)) === refKey(ref)) return found;
    }
    return undefined;
  }

  /** True when what is seen of the object's kind there is up to date. */
  #hasSight(ref: ObjectRef): boolean {
    for (const { hold, kind, namespace } of this.#holds.values()) {
      const concerns =
        kind === ref.kind || kind === 'Pod' || kind === 'ReplicaSet';
      if (concerns && namespace === ref.namespace && !hold.watch.live)
        return false;
    }
    return true;
  }

  #onObject(object: KubeObject, gone: boolean): void {
    if (this.#subjects.size === 0) return;
    const key = this.#subjectOf(object);
    if (key === undefined) return;
    if (object.kind === 'Pod') {
      if (gone) this.#flaps.forget(object.metadata.uid!);
      else this.#flaps.see(object.metadata.uid!, containersOf(object));
    }
    this.#touch(key);
  }

  /** The object under judgement to which this one belongs, directly or through its controllers. */
  #subjectOf(object: KubeObject): string | undefined {
    let current: ObjectRef = refFrom(object);
    for (let depth = 0; depth < 3; depth++) {
      const key = refKey(current);
      if (this.#subjects.has(key)) return key;
      const live: KubeObject | undefined =
        depth === 0 ? object : this.#find(current);
      const controller = live && controllerOf(live);
      if (!controller) return undefined;
      current = {
        apiVersion: controller.apiVersion,
        kind: controller.kind,
        namespace: object.metadata.namespace,
        name: controller.name,
      };
    }
    return undefined;
  }

  #touch(key: string): void {
    if (this.#closed) return;
    this.#dirty.add(key);
    // One look per turn of the event loop, however many events one read of the socket brought.
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      const keys = [...this.#dirty];
      this.#dirty.clear();
      for (const dirty of keys) {
        const subject = this.#subjects.get(dirty);
        if (!subject) continue;
        try {
          this.#look(dirty, subject);
        } catch (error) {
          subject.fail(error as Error);
        }
      }
    });
  }

  #look(key: string, subject: Subject): void {
    const { policy } = this.#options;
    const { progress } = subject;
    const now = Date.now();
    clearTimeout(subject.timer);

    const object = this.#find(progress.ref);
    // An object of another UID under the same name is not what we applied.
    const isOurs =
      object && (!progress.uid || object.metadata.uid === progress.uid);
    if (isOurs) subject.seen = true;
    if (!isOurs && subject.seen) {
      this.#fail(subject, {
        reason: 'Deleted',
        message: 'somebody deleted it during the rollout',
      });
      return;
    }
    const readiness: Readiness = isOurs
      ? assess(
          object,
          { policy, now, appliedAt: subject.appliedAt },
          progress.generation,
        )
      : { state: 'in-progress', message: 'waits for news from the cluster' };
    const revision =
      isOurs && isObserved(object, progress.generation)
        ? newRevision(object, this)
        : undefined;
    const { troubles, recheckAt } = this.#podTroubles(revision, now);
    const before = JSON.stringify(progress);
    progress.message = readiness.message;
    progress.warning = readiness.warning;
    if (revision && isOurs && POD_OWNERS.has(object.kind)) {
      progress.pods = revision.pods.map(pod =>
        this.#podProgress(pod, troubles.get(pod)),
      );
      if (object.kind === 'StatefulSet')
        progress.revisionHash = object.status?.updateRevision;
    }

    if (readiness.state === 'ready' || readiness.state === 'paused') {
      progress.state = readiness.state;
      this.#options.onProgress(progress);
      subject.settle([]);
      return;
    }
    if (isOurs) this.#options.onLook?.(object, this);

    const counting = this.#counting(key, object, troubles);
    if (
      isOurs &&
      revision &&
      hasFailed(object, counting.length, revision.wanted)
    ) {
      this.#fail(
        subject,
        ...counting.map(([pod, trouble]) => podEvidence(pod, trouble)),
      );
      return;
    }
    if (readiness.state === 'failed') {
      // The pods know why; the workload's condition only knows that.
      const causes = [...troubles].map(([pod, trouble]) =>
        podEvidence(pod, trouble),
      );
      this.#fail(subject, ...causes, {
        reason: readiness.reason ?? 'Failed',
        message: readiness.message,
      });
      return;
    }

    progress.state = 'in-progress';
    const available = readiness.available ?? 0;
    if (available > subject.bestAvailable) {
      subject.bestAvailable = available;
      progress.deadline = new Date(
        now + policy.deadlineSeconds * 1000,
      ).toISOString();
    }
    let deadline = Date.parse(progress.deadline!);
    if (now >= deadline) {
      if (this.#hasSight(progress.ref)) {
        this.#fail(
          subject,
          ...[...troubles].map(([pod, trouble]) => podEvidence(pod, trouble)),
          {
            class: 'deadline',
            reason: 'DeadlineExceeded',
            message: `no progress within ${policy.deadlineSeconds} s: ${readiness.message}`,
          },
        );
        return;
      }
      // No verdict without sight.
      deadline = now + SIGHT_RETRY_MS;
    }
    if (JSON.stringify(progress) !== before) this.#options.onProgress(progress);
    const next = Math.min(deadline, readiness.recheckAt ?? Infinity, recheckAt);
    // setTimeout takes at most 2^31 - 1 ms; looking once a day too often does no harm.
    subject.timer = setTimeout(
      () => this.#touch(key),
      Math.min(Math.max(next - now, 0) + 5, 86_400_000),
    );
    subject.timer.unref?.();
  }

  #fail(
    { progress, settle }: Subject,
    ...causes: (Omit<Evidence, 'class' | 'object' | 'at'> & {
      class?: Evidence['class'];
    })[]
  ): void {
    const at = new Date().toISOString();
    const evidence = causes.map(cause => ({
      class: 'terminal' as const,
      ...cause,
      object: progress.ref,
      at,
    }));
    progress.state = 'failed';
    progress.message = evidence[0].message;
    this.#options.onProgress(progress);
    settle(evidence);
  }

  #podTroubles(
    revision: NewRevision | undefined,
    now: number,
  ): { troubles: Map<KubeObject, PodTrouble>; recheckAt: number } {
    const troubles = new Map<KubeObject, PodTrouble>();
    let recheckAt = Infinity;
    for (const pod of revision?.pods ?? []) {
      const uid = pod.metadata.uid!;
      const trouble = classifyPod(pod, {
        policy: this.#options.policy,
        now,
        restartBaseline: this.#options.restartBaseline[uid] ?? 0,
        flaps: this.#flaps.of(uid),
      });
      if (!trouble) continue;
      troubles.set(pod, trouble);
      recheckAt = Math.min(recheckAt, trouble.recheckAt ?? Infinity);
    }
    return { troubles, recheckAt };
  }

  /** The troubles that count, doubtful ones only once they are confirmed. */
  #counting(
    key: string,
    object: KubeObject | undefined,
    troubles: Map<KubeObject, PodTrouble>,
  ): [KubeObject, PodTrouble][] {
    return [...troubles].filter(([pod, trouble]) => {
      if (trouble.class === 'transient') return false;
      // A Job has its own count of failures to put up with.
      if (trouble.class === 'looping' && object?.kind === 'Job') return false;
      return !trouble.confirm || this.#isMissing(key, pod, trouble.confirm);
    });
  }

  #isMissing(
    key: string,
    pod: KubeObject,
    what: NonNullable<PodTrouble['confirm']>,
  ): boolean {
    const { namespace } = pod.metadata;
    const doubt = [pod.metadata.uid, what.kind, what.name, what.key].join('|');
    const known = this.#confirmed.get(doubt);
    if (known !== undefined) return known === true;
    this.#confirmed.set(doubt, 'asking');
    this.#options.cluster
      .get({ apiVersion: 'v1', kind: what.kind, namespace, name: what.name })
      .then(
        found => !found || (what.key !== undefined && !hasKey(found, what.key)),
        // Without the right to look, the kubelet's word has to do; without an answer, the next look asks again.
        error => error instanceof ClusterError && error.code === 'FORBIDDEN',
      )
      .then(missing => {
        if (missing) this.#confirmed.set(doubt, true);
        else this.#confirmed.delete(doubt);
        if (missing) this.#touch(key);
      });
    return false;
  }

  #podProgress(pod: KubeObject, trouble: PodTrouble | undefined): PodProgress {
    const uid = pod.metadata.uid!;
    const waiting = containersOf(pod).find(({ state }) => state?.waiting)?.state
      .waiting;
    const reason = trouble?.reason ?? waiting?.reason;
    const message = trouble?.message ?? waiting?.message;
    return {
      name: pod.metadata.name,
      uid,
      phase: pod.status?.phase ?? 'Unknown',
      ready: condition(pod, 'Ready')?.status === 'True',
      restarts: restartsOf(pod) - (this.#options.restartBaseline[uid] ?? 0),
      ...(reason ? { reason } : {}),
      ...(message ? { message } : {}),
    };
  }
}

function podEvidence(
  pod: KubeObject,
  {
    class: kind,
    container,
    reason,
    message,
    exitCode,
    restartCount,
  }: PodTrouble,
): Omit<Evidence, 'object' | 'at'> {
  return {
    // Reported beside a failed workload, even passing trouble is part of why.
    class: kind === 'transient' ? 'terminal' : kind,
    pod: pod.metadata.name,
    ...(container ? { container } : {}),
    reason,
    message,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(restartCount === undefined ? {} : { restartCount }),
  };
}

/** Status may be believed: it is about the generation that we applied, or a newer one. */
function isObserved(object: KubeObject, generation = 0): boolean {
  const current = object.metadata.generation ?? 0;
  const observed = object.status?.observedGeneration;
  if (current < generation) return false;
  return typeof observed === 'number'
    ? observed >= current
    : object.kind === 'Job' || object.kind === 'Pod';
}

function hasKey(object: KubeObject, key: string): boolean {
  return key in (object.data ?? {}) || key in (object.binaryData ?? {});
}

function refFrom({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return {
    apiVersion,
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
  };
}

async function untilAborted<T>(
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () =>
      reject(new RolloutError('ABORTED', 'aborted while opening the watches'));
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
