import { asObject } from './catalog';
import type { JsonObject } from './strictJson';

/**
 * A tool of the legacy form (`id`, `capability`, `server_url` beside them) in the form of PROTOCOL.md 1.0; undefined if it is not of
 * that form. What the legacy form cannot say (`spec_url`) stays missing.
 */
export function normaliseLegacyTool(tool: JsonObject): JsonObject | undefined {
  const { id, capability, server_url: serverUrl } = tool;
  if (
    tool['x-mcp-tool'] !== undefined ||
    typeof serverUrl !== 'string' ||
    (typeof id !== 'string' && typeof tool.operationId !== 'string')
  ) {
    return undefined;
  }
  const schema = asObject(tool.schema);
  return {
    ...tool,
    name: tool.name ?? id ?? tool.operationId,
    'x-mcp-tool': {
      server_url: serverUrl,
      ...(typeof capability === 'string' ? { capabilities: [capability] } : {}),
    },
    ...(schema?.input === undefined ? {} : { parameters: schema.input }),
  };
}
