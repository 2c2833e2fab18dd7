import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { toolRegistryCatalogReadPermission } from '@agentyard/plugin-tool-registry-common';
import type { ToolRegistry } from './service/ToolRegistry';

const readOnly = { readOnly: true, idempotent: true, destructive: false };

/** What agents may ask the registry; all of it only reads. */
export function registerActions(options: {
  actionsRegistry: ActionsRegistryService;
  registry: ToolRegistry;
}) {
  const { actionsRegistry, registry } = options;

  actionsRegistry.register({
    name: 'list-tools',
    title: 'List tools',
    description:
      'Finds tools of MCP servers that signed catalogs list. Each has its purpose, owner, server, the verdict on its catalog and the health of its server. Use get-tool for schemas.',
    attributes: readOnly,
    visibilityPermission: toolRegistryCatalogReadPermission,
    schema: {
      input: z =>
        z.object({
          query: z
            .string()
            .max(200)
            .optional()
            .describe(
              'Words that name, description or capabilities must contain',
            ),
          capability: z
            .string()
            .max(200)
            .optional()
            .describe('Exact capability tag'),
          catalogId: z.string().max(500).optional(),
          serverId: z.string().max(500).optional(),
          verdict: z
            .enum(['verified', 'unverified', 'refused', 'unreachable'])
            .optional()
            .describe('Last verdict on the catalog'),
          limit: z.number().int().min(1).max(100).optional(),
          cursor: z
            .string()
            .max(1000)
            .optional()
            .describe('nextCursor of the answer before'),
        }),
      output: z =>
        z.object({
          items: z.array(z.object({ id: z.string() }).passthrough()),
          totalItems: z.number(),
          nextCursor: z.string().optional(),
        }),
    },
    examples: [
      {
        title: 'Tools that have to do with orders, and are vouched for',
        input: { query: 'order', verdict: 'verified' },
      },
    ],
    action: async ({ input }) => {
      const { cursor, limit = 20, ...filter } = input;
      const page = await registry.listTools({ filter, cursor, limit });
      return { output: { ...page, items: page.items.map(plain) } };
    },
  });

  actionsRegistry.register({
    name: 'get-tool',
    title: 'Get a tool',
    description:
      'Answers a tool with its signed definition, examples and the schemas that its server lists.',
    attributes: readOnly,
    visibilityPermission: toolRegistryCatalogReadPermission,
    schema: {
      input: z =>
        z.object({
          id: z
            .string()
            .max(500)
            .describe('As list-tools gives it: <catalog id>:<tool name>'),
        }),
      output: z => z.object({ id: z.string() }).passthrough(),
    },
    examples: [
      {
        title: 'The tool get_order of the catalog orders',
        input: { id: 'orders:get_order' },
      },
    ],
    action: async ({ input }) => ({
      output: plain(await registry.getTool(input.id)),
    }),
  });

  actionsRegistry.register({
    name: 'list-catalogs',
    title: 'List tool catalogs',
    description:
      'Answers all tool catalogs with the verdict of the last attempt to read them and the reasons for it.',
    attributes: readOnly,
    visibilityPermission: toolRegistryCatalogReadPermission,
    schema: {
      input: z => z.object({}),
      output: z =>
        z.object({
          items: z.array(z.object({ id: z.string() }).passthrough()),
        }),
    },
    examples: [{ title: 'All catalogs', input: {} }],
    action: async () => ({
      output: { items: (await registry.listCatalogs()).map(plain) },
    }),
  });
}

/** The same value, as the open object that the output schemas speak of. */
function plain<T extends { id: string }>(
  value: T,
): { id: string; [member: string]: unknown } {
  return { ...value };
}
