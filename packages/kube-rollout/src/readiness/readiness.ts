import { KubeObject } from '../object';
import { RolloutPolicy } from '../plan/plan';

/**
 * What one look at an object says.
 * `failed` is final for this revision; `paused` and `in-progress` wait.
 */
export interface Readiness {
  state: 'in-progress' | 'ready' | 'failed' | 'paused';
  /** One line for people. */
  message: string;
  /** CamelCase word, with `failed`. */
  reason?: string;
  /** Something to know although it is ready. */
  warning?: string;
  /** The answer changes at this instant (ms since the epoch) even if the object does not: look again. */
  recheckAt?: number;
  /** How many pods of the new revision are available: growth is progress. */
  available?: number;
}

/** What a look at an object depends on besides the object. */
export interface ReadinessContext {
  policy: RolloutPolicy;
  /** ms since the epoch. */
  now: number;
  /** When this run applied the object; ms since the epoch. */
  appliedAt: number;
}

/** The rule of one kind. Common matters (deletion, generations, Stalled) are settled before it is asked. */
export type ReadinessRule = (
  object: KubeObject,
  context: ReadinessContext,
) => Readiness;

export const ready = (
  message: string,
  more: Partial<Readiness> = {},
): Readiness => ({
  state: 'ready',
  message,
  ...more,
});

export const inProgress = (
  message: string,
  more: Partial<Readiness> = {},
): Readiness => ({
  state: 'in-progress',
  message,
  ...more,
});

export const failed = (reason: string, message: string): Readiness => ({
  state: 'failed',
  reason,
  message,
});

/** A condition of `status.conditions`. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
  lastTransitionTime?: string;
}

export function condition(
  object: KubeObject,
  type: string,
): Condition | undefined {
  const conditions = object.status?.conditions;
  return Array.isArray(conditions)
    ? conditions.find(each => each?.type === type)
    : undefined;
}

/** The instant at which a condition took its present status; now, when the object does not say. */
export function since(found: Condition, now: number): number {
  const at = Date.parse(found.lastTransitionTime ?? '');
  return Number.isNaN(at) ? now : at;
}

/**
 * Judges by a condition that lasts: bad only after `graceSeconds`, counted from when this run applied the object at the
 * earliest, since a condition outlives the revision that caused it.
 */
export function afterGrace(
  found: Condition,
  graceSeconds: number,
  { now, appliedAt }: Pick<ReadinessContext, 'now' | 'appliedAt'>,
): { over: boolean; recheckAt: number } {
  const recheckAt =
    Math.max(since(found, now), appliedAt) + graceSeconds * 1000;
  return { over: now >= recheckAt, recheckAt };
}
