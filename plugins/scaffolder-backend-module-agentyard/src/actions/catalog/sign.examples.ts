import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** Examples of `agentyard:catalog:sign`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: "Publish the folder specs in the portal's signed catalog",
    example: yaml.stringify({
      steps: [
        {
          id: 'sign',
          action: 'agentyard:catalog:sign',
          name: 'Sign the catalog',
          input: { name: 'orders-tools' },
        },
      ],
    }),
  },
  {
    description: 'Publish another folder under a certain publisher',
    example: yaml.stringify({
      steps: [
        {
          id: 'sign',
          action: 'agentyard:catalog:sign',
          name: 'Sign the catalog',
          input: {
            name: 'orders-tools',
            specsDirectory: 'openapi',
            publisher: 'portal',
          },
        },
      ],
    }),
  },
];
