import { ResponseError } from '@backstage/errors';
import {
  formatObjectRef,
  PlanProblem,
  Run,
} from '@agentyard/plugin-rollouts-common';
import { ActionInputError } from '../../errors';

/** A run did not bring what was planned. `code` is `ROLLED_BACK`, `ROLLOUT_FAILED` or `ROLLOUT_STOPPED`. */
export class RolloutFailedError extends Error {
  override readonly name = 'RolloutFailedError';

  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/** A refusal of the rollouts API in words for the log of a step, with its code; anything else as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const { code, message } = error.body.error as {
    code?: string;
    message: string;
  };
  return code
    ? new ActionInputError(code, message)
    : new Error(message, { cause: error });
}

/** One line a problem: where, which field, what. */
export function describeProblems(problems: PlanProblem[]): string {
  return problems
    .map(({ code, object, field, message }) =>
      [
        code,
        [object && formatObjectRef(object), field].filter(Boolean).join(', '),
        message,
      ]
        .filter(Boolean)
        .join(': '),
    )
    .join('\n');
}

/** Why a run ended as it did, with the first evidence. */
export function describeEnd(run: Run): string {
  const [first] = run.evidence;
  const why = first
    ? [
        formatObjectRef(first.object),
        first.pod && `pod ${first.pod}`,
        first.container && `container ${first.container}`,
        `${first.reason}: ${first.message}`,
      ]
        .filter(Boolean)
        .join(', ')
    : run.message ?? '';
  return `run ${run.id} of ${run.name} on ${run.cluster} is ${run.state}${
    why && `: ${why}`
  }`;
}
