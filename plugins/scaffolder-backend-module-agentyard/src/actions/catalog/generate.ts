import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { generateCatalog } from '@agentyard/eat';
import { examples } from './generate.examples';
import { refusing } from './problems';
import { readSpecs } from './readSpecs';

/** Action `agentyard:catalog:generate`. */
export function createCatalogGenerateAction() {
  return createTemplateAction({
    id: 'agentyard:catalog:generate',
    description:
      'Generates a tool catalog from the OpenAPI documents of the workspace: each operation with x-mcp-tool is a tool.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        specsDirectory: z =>
          z
            .string()
            .max(500)
            .optional()
            .describe('Folder of the OpenAPI documents. Default: specs'),
        specBaseUrl: z =>
          z
            .string()
            .url()
            .max(2000)
            .describe('Where the documents will be served'),
        publisher: z =>
          z
            .string()
            .max(500)
            .regex(/^did:web:/)
            .optional()
            .describe('DID of the publisher'),
        title: z => z.string().max(200).optional().describe('Its title'),
        catalogPath: z =>
          z
            .string()
            .max(500)
            .optional()
            .describe('File to write. Default: catalog.json'),
      },
      output: {
        catalogPath: z => z.string().describe('The file, in the workspace'),
        toolCount: z => z.number().describe('Number of tools'),
        tools: z => z.array(z.string()).describe('Names of the tools'),
      },
    },
    async handler(ctx) {
      const {
        specsDirectory = 'specs',
        specBaseUrl,
        publisher,
        title,
        catalogPath = 'catalog.json',
      } = ctx.input;
      const specs = await readSpecs(ctx.workspacePath, specsDirectory);
      const { catalog, bytes, warnings } = refusing(() =>
        generateCatalog({ specs, specBaseUrl, publisher, title }),
      );
      for (const { code, path: spec, message } of warnings) {
        ctx.logger.warn(`${code}${spec ? ` in ${spec}` : ''}: ${message}`);
      }
      // The workspace of a dry run is thrown away, and later steps want to read the file.
      const file = resolveSafeChildPath(ctx.workspacePath, catalogPath);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, bytes);
      ctx.logger.info(`${catalogPath}: ${catalog.tools.length} tools`);
      ctx.output('catalogPath', catalogPath);
      ctx.output('toolCount', catalog.tools.length);
      ctx.output(
        'tools',
        catalog.tools.map(tool => tool.name),
      );
    },
  });
}
