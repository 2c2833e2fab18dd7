import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

/** Examples of `agentyard:catalog:generate`; the tests run each of them. */
export const examples: TemplateExample[] = [
  {
    description: 'Generate catalog.json from the folder specs',
    example: yaml.stringify({
      steps: [
        {
          id: 'catalog',
          action: 'agentyard:catalog:generate',
          name: 'Generate the catalog',
          input: { specBaseUrl: 'https://tools.example.org/specs/orders/' },
        },
      ],
    }),
  },
  {
    description: 'Name folder, file, title and publisher',
    example: yaml.stringify({
      steps: [
        {
          id: 'catalog',
          action: 'agentyard:catalog:generate',
          name: 'Generate the catalog',
          input: {
            specsDirectory: 'openapi',
            specBaseUrl: 'https://tools.example.org/specs/orders/',
            publisher: 'did:web:tools.example.org',
            title: 'Orders',
            catalogPath: 'dist/api-catalog.json',
          },
        },
      ],
    }),
  },
];
