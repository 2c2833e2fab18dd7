import type { KubeObject, Plan, Run } from '@agentyard/kube-rollout';
import { randomUUID } from 'node:crypto';

/** A plan as the engine makes it, for one ConfigMap. */
export function planOf(name: string, overrides: Partial<Plan> = {}): Plan {
  const manifest: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'tools' },
    data: { greeting: 'hello' },
  };
  return {
    id: randomUUID(),
    target: { cluster: 'test', namespace: 'tools', name },
    policy: {
      deadlineSeconds: 600,
      crashLoopRestarts: 2,
      unschedulableGraceSeconds: 60,
      replicaFailureGraceSeconds: 10,
      statusGraceSeconds: 30,
      prune: true,
      pruneProtected: false,
      rollback: 'automatic',
    },
    digest: 'd'.repeat(64),
    createdAt: '2026-01-01T10:00:00.000Z',
    expiresAt: '2026-01-01T12:00:00.000Z',
    objects: [
      {
        ref: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: 'tools',
          name,
        },
        level: 0,
        action: 'create',
        problems: [],
        manifest,
      },
    ],
    counts: {
      create: 1,
      update: 0,
      unchanged: 0,
      prune: 0,
      keep: 0,
      refused: 0,
    },
    refused: false,
    ...overrides,
  };
}

/** A run of a plan, as the engine starts it. */
export function runOf(plan: Plan, overrides: Partial<Run> = {}): Run {
  return {
    id: randomUUID(),
    target: plan.target,
    planId: plan.id,
    planDigest: plan.digest,
    state: 'pending',
    revision: 1,
    requestedBy: 'user:default/guest',
    createdAt: '2026-01-01T10:01:00.000Z',
    objects: plan.objects.map(({ ref, level, action }) => ({
      ref,
      level,
      action,
      state: 'waiting' as const,
    })),
    rollback: [],
    evidence: [],
    restartBaseline: {},
    ...overrides,
  };
}
