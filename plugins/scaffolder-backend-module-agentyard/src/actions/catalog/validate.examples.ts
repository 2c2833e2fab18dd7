import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** Examples of `agentyard:catalog:validate`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: 'Validate catalog.json by the strict rules',
    example: yaml.stringify({
      steps: [
        {
          id: 'validate',
          action: 'agentyard:catalog:validate',
          name: 'Validate the catalog',
        },
      ],
    }),
  },
  {
    description: 'Validate another file as readers of EAT 1.0 do',
    example: yaml.stringify({
      steps: [
        {
          id: 'validate',
          action: 'agentyard:catalog:validate',
          name: 'Validate the catalog',
          input: {
            catalogPath: 'dist/api-catalog.json',
            profile: 'eat-compat',
            allowLoopback: true,
          },
        },
      ],
    }),
  },
];
