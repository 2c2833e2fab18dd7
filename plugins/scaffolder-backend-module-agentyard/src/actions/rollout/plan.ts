import { createHash } from 'node:crypto';
import { AuthService } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { RolloutsApi } from '@agentyard/plugin-rollouts-common';
import { ActionInputError } from '../../errors';
import { describeProblems, explained } from './explain';
import { examples } from './plan.examples';
import { readManifests } from './readManifests';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_LABEL_RULE =
  'use lower-case letters, digits and hyphens, at most 63, no hyphen first or last';

/** Action `agentyard:rollout:plan`. */
export function createRolloutPlanAction(options: {
  rollouts: RolloutsApi;
  auth: AuthService;
}) {
  const { rollouts, auth } = options;
  return createTemplateAction({
    id: 'agentyard:rollout:plan',
    description:
      'Asks a cluster what the manifests of the workspace would change there. Changes nothing in the cluster, also outside of a dry run.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z =>
          z
            .string()
            .max(63)
            .regex(DNS_LABEL, `INVALID_NAME: ${DNS_LABEL_RULE}`)
            .describe('Name of the application, usually that of the service'),
        cluster: z =>
          z
            .string()
            .min(1)
            .max(255)
            .describe("Name of the cluster in the portal's configuration"),
        namespace: z =>
          z
            .string()
            .max(63)
            .regex(DNS_LABEL, `INVALID_NAMESPACE: ${DNS_LABEL_RULE}`)
            .describe('Namespace of objects that name none'),
        manifests: z =>
          z
            .union([
              z.string().min(1).max(500),
              z.array(z.string().min(1).max(500)).min(1).max(20),
            ])
            .optional()
            .describe('Files and folders of the workspace. Default: deploy'),
        entityRef: z =>
          z
            .string()
            .max(255)
            .optional()
            .describe('Catalog entity that is rolled out'),
      },
      output: {
        planId: z => z.string().describe('Id of the plan'),
        digest: z =>
          z
            .string()
            .describe('Digest of the plan; agentyard:rollout:start needs it'),
        counts: z =>
          z
            .object({
              create: z.number(),
              update: z.number(),
              unchanged: z.number(),
              prune: z.number(),
              keep: z.number(),
              refused: z.number(),
            })
            .describe('Number of objects by what happens to them'),
        summary: z => z.string().describe('The counts in words'),
      },
    },
    async handler(ctx) {
      const { name, cluster, namespace, entityRef } = ctx.input;
      for (const [code, value] of [
        ['INVALID_NAME', name],
        ['INVALID_NAMESPACE', namespace],
      ]) {
        if (!DNS_LABEL.test(value) || value.length > 63) {
          throw new ActionInputError(
            code,
            `${JSON.stringify(value)} is refused: ${DNS_LABEL_RULE}`,
          );
        }
      }
      const manifests = await readManifests(
        ctx.workspacePath,
        [ctx.input.manifests ?? 'deploy'].flat(),
      );
      const request = { name, cluster, namespace, manifests, entityRef };
      const key = createHash('sha256').update(JSON.stringify(request));

      const plan = await ctx.checkpoint({
        key: `agentyard.rollout.plan.${key.digest('hex')}`,
        fn: async () => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: await ctx.getInitiatorCredentials(),
            targetPluginId: 'rollouts',
          });
          const made = await rollouts
            .createPlan(request, { token, signal: ctx.signal })
            .catch(error => {
              throw explained(error);
            });
          const errors = made.problems.filter(p => p.severity === 'error');
          const warnings = made.problems.filter(p => p.severity === 'warning');
          if (warnings.length) ctx.logger.warn(describeProblems(warnings));
          if (made.state === 'refused') {
            throw new ActionInputError(
              'PLAN_REFUSED',
              `cluster ${cluster} refuses the manifests; nothing was applied\n${describeProblems(
                errors,
              )}`,
            );
          }
          const { id, digest, counts } = made;
          return { id, digest, counts: { ...counts } };
        },
      });
      const summary = Object.entries(plan.counts)
        .filter(([, count]) => count > 0)
        .map(([action, count]) => `${count} ${action}`)
        .join(', ');
      ctx.logger.info(`Plan ${plan.id} for ${cluster}: ${summary}`);
      ctx.output('planId', plan.id);
      ctx.output('digest', plan.digest);
      ctx.output('counts', plan.counts);
      ctx.output('summary', summary);
    },
  });
}
