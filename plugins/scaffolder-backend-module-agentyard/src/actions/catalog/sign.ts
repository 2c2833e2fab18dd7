import { AuthService } from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { canonicalHash, generateCatalog } from '@agentyard/eat';
import {
  CatalogSigningApi,
  PUBLICATION_NAME_PATTERN,
  PublishProblem,
} from '@agentyard/plugin-catalog-signing-common';
import { ActionInputError } from '../../errors';
import { describeProblems, refusing } from './problems';
import { readSpecs } from './readSpecs';
import { examples } from './sign.examples';

/** Action `agentyard:catalog:sign`. */
export function createCatalogSignAction(options: {
  signing: CatalogSigningApi;
  auth: AuthService;
}) {
  const { signing, auth } = options;
  return createTemplateAction({
    id: 'agentyard:catalog:sign',
    description:
      "Publishes the OpenAPI documents of the workspace in the portal's signed catalog. The same content again changes nothing.",
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z =>
          z
            .string()
            .regex(
              PUBLICATION_NAME_PATTERN,
              'INVALID_NAME: use 3 to 40 lower-case letters, digits and hyphens, a letter first, no hyphen last',
            )
            .describe('Name of the publication, usually that of the service'),
        specsDirectory: z =>
          z
            .string()
            .max(500)
            .optional()
            .describe('Folder of the OpenAPI documents. Default: specs'),
        publisher: z =>
          z
            .string()
            .max(63)
            .regex(/^[a-z][a-z0-9-]*$/)
            .optional()
            .describe('Id of the publisher. Default: the first one'),
      },
      output: {
        catalogUrl: z => z.string().describe('Address of the signed catalog'),
        tools: z => z.array(z.string()).describe('Names of the tools'),
        statement: z =>
          z
            .object({
              seq: z.number(),
              iat: z.number(),
              exp: z.number(),
              catalogHash: z.string(),
              kid: z.string(),
            })
            .optional()
            .describe('What was signed; absent in a dry run'),
      },
    },
    async handler(ctx) {
      const { name, specsDirectory = 'specs' } = ctx.input;
      if (!PUBLICATION_NAME_PATTERN.test(name)) {
        throw new ActionInputError(
          'INVALID_NAME',
          `${JSON.stringify(
            name,
          )} is no name for a publication. Use 3 to 40 lower-case letters, digits and hyphens, a letter first, no hyphen last.`,
        );
      }
      const specs = await readSpecs(ctx.workspacePath, specsDirectory);
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await ctx.getInitiatorCredentials(),
        targetPluginId: 'catalog-signing',
      });
      const request = { token, signal: ctx.signal };

      const { items } = await signing.getPublishers(request);
      const publisher = ctx.input.publisher
        ? items.find(({ id }) => id === ctx.input.publisher)
        : items[0];
      if (!publisher) {
        throw new ActionInputError(
          'NO_PUBLISHER',
          ctx.input.publisher
            ? `There is no publisher "${
                ctx.input.publisher
              }". There are: ${items.map(({ id }) => id).join(', ')}`
            : 'This portal has no publisher. Configure agentyard.signing.publishers.',
        );
      }
      if (ctx.isDryRun) {
        const { catalog } = refusing(() =>
          generateCatalog({
            specs,
            specBaseUrl: `${publisher.baseUrl}/specs/${name}/`,
            publisher: publisher.did,
          }),
        );
        ctx.logger.info(
          `Dry run: would publish ${catalog.tools.length} tools as "${name}"`,
        );
        ctx.output('catalogUrl', publisher.catalogUrl);
        ctx.output(
          'tools',
          catalog.tools.map(tool => tool.name),
        );
        return;
      }

      const content = canonicalHash(
        Object.fromEntries(specs.map(spec => [spec.path, spec.content])),
      );
      const { catalogUrl, tools, statement } = await ctx.checkpoint({
        key: `agentyard.catalog.sign.${publisher.id}.${name}.${content}`,
        fn: async () => {
          const result = await signing
            .putPublication(publisher.id, name, specs, request)
            .catch(error => {
              throw explained(error);
            });
          const { seq, iat, exp, catalogHash, kid } = result.statement;
          return {
            catalogUrl: result.catalogUrl,
            tools: result.publication.tools,
            statement: { seq, iat, exp, catalogHash, kid },
          };
        },
      });
      ctx.logger.info(
        `Published "${name}" in ${catalogUrl}, statement ${statement.seq}`,
      );
      ctx.output('catalogUrl', catalogUrl);
      ctx.output('tools', tools);
      ctx.output('statement', statement);
    },
  });
}

/** A refusal of the signing API in words for the log of the step, with code and places. */
function explained(error: unknown) {
  if (!(error instanceof ResponseError)) return error;
  const { code, problems, message } = error.body.error as {
    code?: string;
    problems?: PublishProblem[];
    message: string;
  };
  if (!code) return new Error(message, { cause: error });
  return new ActionInputError(
    code,
    problems
      ? `the documents are refused\n${describeProblems(problems)}`
      : message,
  );
}
