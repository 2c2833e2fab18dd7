import fs from 'node:fs/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { parseJson, validateCatalog } from '@agentyard/eat';
import { ActionInputError } from '../../errors';
import { describeProblems, refusing } from './problems';
import { examples } from './validate.examples';

/** Action `agentyard:catalog:validate`. */
export function createCatalogValidateAction() {
  return createTemplateAction({
    id: 'agentyard:catalog:validate',
    description:
      'Validates a tool catalog of the workspace; the step fails with each error and its JSON pointer.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        catalogPath: z =>
          z
            .string()
            .max(500)
            .optional()
            .describe('File in the workspace. Default: catalog.json'),
        profile: z =>
          z
            .enum(['strict', 'eat-compat'])
            .optional()
            .describe('Rules to judge by. Default: strict'),
        allowLoopback: z =>
          z
            .boolean()
            .optional()
            .describe('Let http on localhost pass, for development'),
      },
      output: {
        toolCount: z => z.number().describe('Number of tools'),
        warnings: z => z.array(z.string()).describe('What could be better'),
      },
    },
    async handler(ctx) {
      const {
        catalogPath = 'catalog.json',
        profile = 'strict',
        allowLoopback = false,
      } = ctx.input;
      const file = resolveSafeChildPath(ctx.workspacePath, catalogPath);
      const bytes = await fs.readFile(file).catch(() => {
        throw new ActionInputError(
          'CATALOG_NOT_FOUND',
          `The workspace has no file "${catalogPath}".`,
        );
      });
      const catalog = refusing(() => parseJson(bytes));
      const { valid, rootErrors, rejectedTools, tools, warnings } =
        validateCatalog(catalog, { profile, allowLoopback });
      for (const warning of warnings) {
        ctx.logger.warn(describeProblems([warning]));
      }
      if (!valid) {
        const problems = [
          ...rootErrors,
          ...rejectedTools.flatMap(tool => tool.problems),
        ];
        throw new ActionInputError(
          problems[0].code,
          `The catalog "${catalogPath}" is not valid:\n${describeProblems(
            problems,
          )}`,
        );
      }
      ctx.logger.info(`${catalogPath} is valid: ${tools.length} tools`);
      ctx.output('toolCount', tools.length);
      ctx.output(
        'warnings',
        warnings.map(warning => describeProblems([warning])),
      );
    },
  });
}
