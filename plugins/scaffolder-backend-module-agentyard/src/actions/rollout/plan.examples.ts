import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** Examples of `agentyard:rollout:plan`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: 'Plan the manifests of the folder deploy',
    example: yaml.stringify({
      steps: [
        {
          id: 'plan',
          action: 'agentyard:rollout:plan',
          name: 'Plan the rollout',
          input: {
            name: 'orders',
            cluster: 'production',
            namespace: 'orders',
          },
        },
      ],
    }),
  },
  {
    description: 'Plan some files, for an entity of the catalog',
    example: yaml.stringify({
      steps: [
        {
          id: 'plan',
          action: 'agentyard:rollout:plan',
          name: 'Plan the rollout',
          input: {
            name: 'orders',
            cluster: 'staging',
            namespace: 'orders',
            manifests: ['deploy/base', 'deploy/staging.yaml'],
            entityRef: 'component:default/orders',
          },
        },
      ],
    }),
  },
];
