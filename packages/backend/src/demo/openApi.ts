import { stringify } from 'yaml';

/** The parts of an MCP tool that its OpenAPI operation tells. */
export interface DescribedTool {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: object;
  outputSchema?: object;
  annotations?: { readOnlyHint?: boolean };
}

/**
 * Describes an MCP server's live tools as an OpenAPI 3.1 document with `x-mcp-tool` on each operation, from which a
 * signed catalog can be generated. The same tools give the same bytes.
 */
export function describeAsOpenApi(options: {
  title: string;
  version: string;
  serverUrl: string;
  tools: readonly DescribedTool[];
}): string {
  const { title, version, serverUrl, tools } = options;
  const sorted = [...tools].sort((a, b) => (a.name < b.name ? -1 : 1));
  return stringify(
    {
      openapi: '3.1.0',
      info: { title, version },
      paths: Object.fromEntries(
        sorted.map(tool => [
          `/tools/${tool.name}`,
          { post: operation(tool, serverUrl) },
        ]),
      ),
    },
    { aliasDuplicateObjects: false },
  );
}

function operation(tool: DescribedTool, serverUrl: string) {
  const json = (schema: object) => ({ 'application/json': { schema } });
  return {
    operationId: tool.name,
    summary: tool.title ?? tool.name,
    description: tool.description ?? '',
    'x-mcp-tool': {
      server_url: serverUrl,
      capabilities: tool.annotations?.readOnlyHint
        ? ['demo', 'read-only']
        : ['demo'],
    },
    ...(tool.inputSchema && {
      requestBody: { content: json(tool.inputSchema) },
    }),
    responses: {
      '200': {
        description: 'What the tool answers',
        ...(tool.outputSchema && { content: json(tool.outputSchema) }),
      },
    },
  };
}
