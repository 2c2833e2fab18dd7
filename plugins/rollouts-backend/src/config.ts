import type { RolloutPolicy } from '@agentyard/kube-rollout';
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** `agentyard.rollouts`, with its defaults. */
export interface RolloutsConfig {
  maxConcurrentRuns: number;
  maxObjects: number;
  /** Where the engine's own defaults do not hold. */
  policy: Partial<RolloutPolicy>;
}

/** @throws InputError when a value is out of its range; names the key */
export function readRolloutsConfig(root: Config): RolloutsConfig {
  const config = root.getOptionalConfig('agentyard.rollouts');
  const number = (key: string, min: number, max: number) => {
    const value = config?.getOptionalNumber(key);
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InputError(
      `agentyard.rollouts.${key} must be a whole number from ${min} to ${max}, not ${value}`,
    );
  };
  const deadline = config?.has('deadline')
    ? readDurationFromConfig(config, { key: 'deadline' })
    : undefined;
  return {
    maxConcurrentRuns: number('maxConcurrentRuns', 1, 10_000) ?? 100,
    maxObjects: number('maxObjects', 1, 10_000) ?? 2_000,
    policy: {
      ...(deadline && {
        deadlineSeconds: Math.ceil(durationToMilliseconds(deadline) / 1000),
      }),
      crashLoopRestarts: number('crashLoopRestarts', 1, 100),
    },
  };
}
