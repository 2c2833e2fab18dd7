import {
  verdictOf,
  type Evidence as EngineEvidence,
  type ObjectProgress,
  type Plan as EnginePlan,
  type Run as EngineRun,
} from '@agentyard/kube-rollout';
import type {
  Evidence,
  Plan,
  PlanProblem,
  PlanSummary,
  Release,
  RunObject,
  RunSummary,
} from '@agentyard/plugin-rollouts-common';
import type { ReleaseRecord, RunRecord } from '../database/DatabaseRunStore';
import type { PlanRecord } from '../database/PlanStore';

// What the API answers, field by field: a manifest, and so a Secret, has no way into it.

/** A plan as lists show it. */
export function planSummary(record: PlanRecord, now: Date): PlanSummary {
  return {
    id: record.id,
    digest: record.digest,
    name: record.name,
    cluster: record.cluster,
    namespace: record.namespace,
    ...(record.entityRef && { entityRef: record.entityRef }),
    state: planState(record, now),
    counts: record.counts,
    kind: record.kind,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
    expiresAt: record.expiresAt,
  };
}

/** A plan with its objects. */
export function planView(
  record: PlanRecord,
  plan: EnginePlan,
  now: Date,
): Plan {
  return {
    ...planSummary(record, now),
    objects: plan.objects.map(({ ref, action, level, diff, pending }) => ({
      ref,
      action,
      level,
      ...(diff && { diff: diff.unified }),
      simulated: pending !== undefined,
    })),
    problems: plan.objects.flatMap(({ ref, problems }) =>
      problems.map(
        ({ severity, code, message, field, conflicts }): PlanProblem => ({
          severity,
          code,
          message,
          object: ref,
          ...(field && { field }),
          ...(conflicts && { conflicts }),
        }),
      ),
    ),
    ...(plan.previousRelease && {
      previousRevision: plan.previousRelease.revision,
    }),
    ...(plan.serverVersion && { serverVersion: plan.serverVersion }),
  };
}

/** A run as lists show it. */
export function runSummary(record: RunRecord): RunSummary {
  const verdict = verdictOf(record);
  return {
    id: record.id,
    planId: record.planId,
    digest: record.digest,
    kind: record.kind,
    ...(record.rollbackOf && { rollbackOf: record.rollbackOf }),
    revision: record.revision,
    name: record.target.name,
    cluster: record.target.cluster,
    namespace: record.target.namespace,
    ...(record.entityRef && { entityRef: record.entityRef }),
    state: record.state,
    ...(verdict && { verdict }),
    ...(record.message && { message: record.message }),
    progress: record.progress,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    ...(record.finishedAt && { finishedAt: record.finishedAt }),
  };
}

/** What a run knows beyond its summary, apart from the log. */
export function runDetail(run: EngineRun) {
  return {
    objects: run.objects.map(runObject),
    rollback: run.rollback.map(runObject),
    evidence: run.evidence.map(evidenceView),
  };
}

/** A release. */
export function releaseView(record: ReleaseRecord): Release {
  return {
    id: record.id,
    name: record.target.name,
    cluster: record.target.cluster,
    namespace: record.target.namespace,
    ...(record.entityRef && { entityRef: record.entityRef }),
    revision: record.revision,
    digest: record.digest,
    runId: record.runId,
    current: record.current,
    objectCount: record.objectCount,
    images: record.images,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
  };
}

function planState(
  { refused, expiresAt }: PlanRecord,
  now: Date,
): PlanSummary['state'] {
  if (refused) return 'refused';
  return Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'ready';
}

function runObject(progress: ObjectProgress): RunObject {
  const { ref, action, state, message, warning, pods = [] } = progress;
  return {
    ref,
    action,
    state,
    ...(message && { message }),
    ...(warning && { warning }),
    pods: pods.map(pod => ({
      name: pod.name,
      phase: pod.phase,
      ready: pod.ready,
      restarts: pod.restarts,
      ...(pod.reason && { reason: pod.reason }),
      ...(pod.message && { message: pod.message }),
    })),
  };
}

function evidenceView(evidence: EngineEvidence): Evidence {
  return {
    class: evidence.class,
    object: evidence.object,
    ...(evidence.pod && { pod: evidence.pod }),
    ...(evidence.container && { container: evidence.container }),
    reason: evidence.reason,
    message: evidence.message,
    ...(evidence.exitCode !== undefined && { exitCode: evidence.exitCode }),
    ...(evidence.restartCount !== undefined && {
      restarts: evidence.restartCount,
    }),
    ...(evidence.field && { field: evidence.field }),
    at: evidence.at,
  };
}
