import {
  rolloutsPlanCreatePermission,
  rolloutsRunReadPermission,
  rolloutsRunStartPermission,
  RUN_STATES,
  type RunSummary,
  type RunState,
} from '@agentyard/plugin-rollouts-common';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { GuardedRollouts } from '../service/GuardedRollouts';

const STATES = RUN_STATES as [RunState, ...RunState[]];

/** What agents may do: look, plan (which changes nothing), and start exactly what was planned. */
export function registerActions(
  registry: ActionsRegistryService,
  rollouts: GuardedRollouts,
): void {
  registry.register({
    name: 'list-runs',
    title: 'List rollout runs',
    description:
      'Lists runs of rollouts, newest first: which application goes or went to which cluster, and how it ended.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: rolloutsRunReadPermission,
    schema: {
      input: z =>
        z.object({
          name: z.string().optional().describe('Name of the application'),
          cluster: z.string().optional().describe('Name of the cluster'),
          entityRef: z
            .string()
            .optional()
            .describe('Catalog entity, for example component:default/echo'),
          state: z.enum(STATES).optional(),
          limit: z.number().int().min(1).max(200).optional(),
        }),
      output: z => z.object({ runs: z.array(z.object({}).passthrough()) }),
    },
    examples: [
      {
        title: 'What is moving on a cluster',
        input: { cluster: 'production' },
      },
    ],
    action: async ({ input, credentials }) => ({
      output: {
        runs: (await rollouts.listRuns({ credentials }, input)).map(brief),
      },
    }),
  });

  registry.register({
    name: 'get-run',
    title: 'Get a rollout run',
    description:
      'Gets one run with the state of each object and, where it failed, the evidence: pod, container, reason and message.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: rolloutsRunReadPermission,
    schema: {
      input: z => z.object({ runId: z.string().describe('Id of the run') }),
      output: z => z.object({ run: z.object({}).passthrough() }),
    },
    action: async ({ input, credentials }) => ({
      output: {
        run: { ...(await rollouts.getRun({ credentials }, input.runId)) },
      },
    }),
  });

  registry.register({
    name: 'create-plan',
    title: 'Plan a rollout',
    description:
      'Asks a cluster by dry runs what some manifests would change there. Changes nothing in the cluster. The digest in the answer is needed to start the plan.',
    attributes: { readOnly: false, idempotent: false, destructive: false },
    visibilityPermission: rolloutsPlanCreatePermission,
    schema: {
      input: z =>
        z.object({
          name: z.string().describe('Name of the application, a DNS label'),
          cluster: z.string().describe('Name of the cluster'),
          namespace: z.string().describe('Namespace of objects that name none'),
          manifests: z
            .string()
            .describe('YAML text, several documents allowed'),
          entityRef: z
            .string()
            .optional()
            .describe('Catalog entity rolled out'),
        }),
      output: z => z.object({ plan: z.object({}).passthrough() }),
    },
    action: async ({ input, credentials }) => ({
      output: {
        plan: { ...(await rollouts.createPlan({ credentials }, input)) },
      },
    }),
  });

  registry.register({
    name: 'start-run',
    title: 'Start a planned rollout',
    description:
      'Applies a plan to its cluster, exactly as it was planned. A failure rolls back to the previous release by itself. Follow it with get-run.',
    attributes: { readOnly: false, idempotent: true, destructive: true },
    visibilityPermission: rolloutsRunStartPermission,
    schema: {
      input: z =>
        z.object({
          planId: z.string().describe('Id of the plan'),
          digest: z
            .string()
            .describe('Digest of the plan, as create-plan gave it'),
        }),
      output: z => z.object({ run: z.object({}).passthrough() }),
    },
    action: async ({ input, credentials }) => ({
      output: {
        run: brief((await rollouts.startRun({ credentials }, input)).run),
      },
    }),
  });
}

function brief({
  id,
  name,
  cluster,
  namespace,
  entityRef,
  state,
  verdict,
  message,
  progress,
  createdAt,
}: RunSummary) {
  return {
    id,
    name,
    cluster,
    namespace,
    entityRef,
    state,
    verdict,
    message,
    progress,
    createdAt,
  };
}
