import PQueue from 'p-queue';
import { ClusterError } from '../errors';
import { KubeObject } from '../object';
import { problemsOf } from '../plan/refusal';
import { isAcceptedOnApply } from '../readiness/assess';
import { Evidence, ObjectProgress } from '../run/run';
import { RunSession } from '../run/runSession';
import { Observer } from '../verdict/observer';

/** Twice the kept connections, so that none idles between two requests. */
const CONCURRENCY = 32;

/** One level of objects on its way. */
export interface RollingStep {
  session: RunSession;
  observer: Observer;
  items: { progress: ObjectProgress; manifest: KubeObject }[];
  /** Fires when this way is to be left. */
  signal: AbortSignal;
  /** Called once, when every object has been taken by the server and its UID is known. */
  onApplied: () => Promise<void>;
}

/**
 * The rolling strategy: applies all objects at once and leaves the exchange of pods to each kind's own controller.
 * Ends when all are ready, or at the first failure, with its evidence.
 */
export async function roll({
  session,
  observer,
  items,
  signal,
  onApplied,
}: RollingStep): Promise<Evidence[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const untilMs = Date.now() + session.plan.policy.deadlineSeconds * 1000;
  let first: Evidence[] = [];
  const found = (evidence: Evidence[]) => {
    if (evidence.length && !first.length) {
      first = evidence;
      stop.abort();
    }
  };

  const judgements: Promise<void>[] = [];
  const queue = new PQueue({ concurrency: CONCURRENCY });
  await everySettled(
    items
      .filter(({ progress }) => !isSettled(progress))
      .map(({ progress, manifest }) =>
        queue.add(async () => {
          // What was sent is waited for, so that it is known what there is to take back; the rest is not sent.
          if (stop.signal.aborted) return;
          found(await applyOne(session, progress, manifest, untilMs, signal));
          if (stop.signal.aborted || isSettled(progress)) return;
          const judgement = observer.judge(progress, either).then(found);
          judgement.catch(() => {});
          judgements.push(judgement);
        }),
      ),
    () => true,
  );
  if (!first.length) await onApplied();
  await everySettled(judgements, error => !isStop(error, stop.signal));
  return first;
}

/**
 * Makes progress that an earlier driver stored fit to go on from: what it saw fail it did not live to act on, so it is
 * judged anew.
 */
export function takeUp(progress: ObjectProgress): ObjectProgress {
  if (progress.state !== 'failed') return progress;
  return {
    ...progress,
    state: progress.generation === undefined ? 'waiting' : 'applied',
  };
}

/** True when there is nothing left to do for an object in this phase. */
function isSettled({ state }: ObjectProgress): boolean {
  return ['ready', 'paused', 'failed', 'kept'].includes(state);
}

async function applyOne(
  session: RunSession,
  progress: ObjectProgress,
  manifest: KubeObject,
  untilMs: number,
  signal: AbortSignal,
): Promise<Evidence[]> {
  if (progress.state === 'waiting' && progress.action !== 'unchanged') {
    try {
      const { object, created } = await session.ask(
        () => session.cluster.apply(manifest, { signal }),
        untilMs,
        signal,
      );
      progress.uid = object.metadata.uid;
      progress.generation = object.metadata.generation;
      // After an interruption the server may say "exists" of what this very run created.
      progress.created =
        created || (session.resumed && progress.action === 'create');
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      return refused(session, progress, error);
    }
  }
  progress.state = isAcceptedOnApply(progress.ref) ? 'ready' : 'applied';
  progress.message = progress.state === 'ready' ? 'accepted' : 'applied';
  session.report(progress);
  return [];
}

function refused(
  session: RunSession,
  progress: ObjectProgress,
  error: ClusterError,
): Evidence[] {
  const at = new Date().toISOString();
  const evidence = problemsOf(progress.ref, error).map(
    ({ code, message, field }): Evidence => ({
      class: 'refused',
      object: progress.ref,
      reason:
        error.code === 'UNREACHABLE' || error.code === 'UNAUTHORIZED'
          ? error.code
          : code,
      message,
      ...(field ? { field } : {}),
      at,
    }),
  );
  progress.state = 'failed';
  progress.message = evidence[0].message;
  session.report(progress);
  return evidence;
}

/** Waits for all, so that nothing is still under way afterwards; then throws the first error that matters. */
async function everySettled(
  promises: Promise<unknown>[],
  matters: (error: unknown) => boolean,
): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) {
    if (result.status === 'rejected' && matters(result.reason))
      throw result.reason;
  }
}

function isStop(error: unknown, stop: AbortSignal): boolean {
  return stop.aborted && (error as { code?: string }).code === 'ABORTED';
}
