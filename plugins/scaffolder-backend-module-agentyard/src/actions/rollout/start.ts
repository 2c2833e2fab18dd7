import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  isActiveRun,
  RolloutsApi,
  Run,
} from '@agentyard/plugin-rollouts-common';
import { ActionInputError } from '../../errors';
import { describeEnd, explained, RolloutFailedError } from './explain';
import { examples } from './start.examples';

const DEFAULT_TIMEOUT_SECONDS = 300;
const POLL_MS = 1_000;
// A silent minute looks like a dead one to what stands between browser and backend.
const SIGN_OF_LIFE_MS = 25_000;

/** Action `agentyard:rollout:start`. */
export function createRolloutStartAction(options: {
  rollouts: RolloutsApi;
  auth: AuthService;
  /** Time between two looks at the run, in milliseconds; for tests. Default 1 000. */
  pollMs?: number;
}) {
  const { rollouts, auth, pollMs = POLL_MS } = options;
  return createTemplateAction({
    id: 'agentyard:rollout:start',
    description:
      'Starts the run of a plan, exactly as it was planned, and waits some time for its verdict. The run goes on by itself when the wait is over.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        planId: z => z.string().uuid().describe('Id of the plan'),
        digest: z => z.string().min(1).max(128).describe('Digest of the plan'),
        wait: z =>
          z
            .boolean()
            .optional()
            .describe('Whether to wait for the verdict. Default: true'),
        timeoutSeconds: z =>
          z
            .number()
            .int()
            .min(1)
            .max(1800)
            .optional()
            .describe(
              `Longest wait. After it the step is done, and the run goes on. Default: ${DEFAULT_TIMEOUT_SECONDS}`,
            ),
        failOnRollback: z =>
          z
            .boolean()
            .optional()
            .describe(
              'Whether the step fails when the run is rolled back, fails or is stopped. Default: true',
            ),
      },
      output: {
        runId: z => z.string().describe('Id of the run'),
        state: z => z.string().describe('State of the run when the step ended'),
        verdict: z =>
          z
            .enum(['succeeded', 'rolled-back', 'failed', 'inconclusive'])
            .optional()
            .describe('How the run ended; absent while it goes on'),
      },
    },
    async handler(ctx) {
      const { planId, digest, wait = true, failOnRollback = true } = ctx.input;
      const { signal, logger } = ctx;
      const credentials = await ctx.getInitiatorCredentials();
      const request = async () => ({
        token: await tokenFor(auth, credentials),
        signal,
      });

      if (ctx.isDryRun) {
        const plan = await rollouts
          .getPlan(planId, await request())
          .catch(error => {
            throw explained(error);
          });
        if (plan.digest !== digest || plan.state !== 'ready') {
          throw new ActionInputError(
            plan.digest === digest ? 'PLAN_NOT_READY' : 'DIGEST_MISMATCH',
            `plan ${planId} is ${plan.state} and has the digest ${plan.digest}. Plan again`,
          );
        }
        logger.info(`Dry run: would start plan ${planId} on ${plan.cluster}`);
        return;
      }

      const { runId } = await ctx.checkpoint({
        key: `agentyard.rollout.start.${planId}`,
        fn: async () => {
          const run = await rollouts
            .startRun({ planId, digest }, await request())
            .catch(error => {
              throw explained(error);
            });
          return { runId: run.id };
        },
      });
      ctx.output('runId', runId);

      const timeoutMs =
        (ctx.input.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
      const run = await follow({
        get: async () => rollouts.getRun(runId, await request()),
        until: Date.now() + (wait ? timeoutMs : 0),
        pollMs,
        signal,
        logger,
      });
      ctx.output('state', run.state);
      ctx.output('verdict', run.verdict);
      if (isActiveRun(run)) {
        logger.info(`Run ${runId} goes on by itself; see it on its page`);
        return;
      }
      logger.info(describeEnd(run));
      if (failOnRollback && run.verdict !== 'succeeded') {
        throw new RolloutFailedError(codeOf(run), describeEnd(run));
      }
    },
  });
}

async function tokenFor(
  auth: AuthService,
  credentials: BackstageCredentials,
): Promise<string> {
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: credentials,
    targetPluginId: 'rollouts',
  });
  return token;
}

/** Looks at a run again and again, tells what moves, and answers it once it is over or time is. */
async function follow(options: {
  get: () => Promise<Run>;
  until: number;
  pollMs: number;
  signal?: AbortSignal;
  logger: LoggerService;
}): Promise<Run> {
  const { get, until, pollMs, signal, logger } = options;
  let told = '';
  let toldAt = 0;
  for (;;) {
    try {
      const run = await get();
      const line = `${run.state}: ${run.progress.ready} of ${run.progress.total} objects ready`;
      if (line !== told || Date.now() - toldAt > SIGN_OF_LIFE_MS) {
        logger.info(line);
        told = line;
        toldAt = Date.now();
      }
      if (!isActiveRun(run) || Date.now() >= until) return run;
    } catch (error) {
      // The run does not depend on this look at it: a backend that restarts is asked again.
      const answered =
        error instanceof ResponseError && error.response.status < 500;
      if (answered || signal?.aborted || Date.now() >= until) {
        throw explained(error);
      }
      logger.warn(
        `Cannot look at the run for now: ${(error as Error).message}`,
      );
    }
    await sleep(pollMs, undefined, { signal });
  }
}

function codeOf(run: Run): string {
  if (run.verdict === 'rolled-back') return 'ROLLED_BACK';
  return run.verdict === 'inconclusive' ? 'ROLLOUT_STOPPED' : 'ROLLOUT_FAILED';
}
