import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

const plan = {
  planId: "${{ steps['plan'].output.planId }}",
  digest: "${{ steps['plan'].output.digest }}",
};

/** Examples of `agentyard:rollout:start`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: 'Start what an earlier step planned, and fail with it',
    example: yaml.stringify({
      steps: [
        {
          id: 'rollout',
          action: 'agentyard:rollout:start',
          name: 'Roll out',
          input: plan,
        },
      ],
    }),
  },
  {
    description: 'Start it and go on at once',
    example: yaml.stringify({
      steps: [
        {
          id: 'rollout',
          action: 'agentyard:rollout:start',
          name: 'Start the rollout',
          input: { ...plan, wait: false },
        },
      ],
    }),
  },
  {
    description: 'Wait at most a minute, and go on when it was rolled back',
    example: yaml.stringify({
      steps: [
        {
          id: 'rollout',
          action: 'agentyard:rollout:start',
          name: 'Try the rollout',
          input: { ...plan, timeoutSeconds: 60, failOnRollback: false },
        },
      ],
    }),
  },
];
