import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** Examples of `agentyard:publish:local-git`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: 'Publish the workspace, then register it in the catalog',
    example: yaml.stringify({
      steps: [
        {
          id: 'publish',
          action: 'agentyard:publish:local-git',
          name: 'Publish',
          input: { name: 'orders-tools' },
        },
        {
          id: 'register',
          action: 'catalog:register',
          name: 'Register',
          input: {
            catalogInfoUrl: '${{ steps.publish.output.catalogInfoUrl }}',
          },
        },
      ],
    }),
  },
  {
    description: 'Choose the branch and the message of the first commit',
    example: yaml.stringify({
      steps: [
        {
          id: 'publish',
          action: 'agentyard:publish:local-git',
          name: 'Publish',
          input: {
            name: 'billing-tools',
            defaultBranch: 'trunk',
            commitMessage: 'Begin the billing tools',
          },
        },
      ],
    }),
  },
];
