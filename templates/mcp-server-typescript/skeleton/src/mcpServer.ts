import { CLIENT_INFO_META_KEY, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { service } from './service.ts';
import { tools } from './tools/index.ts';
import { execute, ToolError } from './tools/tool.ts';

/** Makes the MCP server of one session (2025 era) or of one request (2026-07-28). */
export function createMcpServer({ logger, metrics }: { logger: Logger; metrics: Metrics }): McpServer {
  const mcp = new McpServer(
    { name: service.name, version: service.version, description: service.description },
    { capabilities: { tools: {}, logging: {} } },
  );
  for (const tool of tools) {
    const { name, title, description, input, output, annotations } = tool;
    mcp.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output, annotations },
      async (args, ctx) => {
        try {
          const result = await execute(tool, args, { logger, metrics, agentId: agentOf(mcp, ctx) });
          return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          return { content: [{ type: 'text', text: `${error.code}: ${error.message}` }], isError: true };
        }
      },
    );
  }
  return mcp;
}

/** The name by which the client introduced itself. Anyone may claim any name: good for logs, not for permissions. */
function agentOf(mcp: McpServer, ctx: ServerContext): string | undefined {
  const envelope: Record<string, unknown> | undefined = ctx.mcpReq.envelope;
  const info = clientInfo.safeParse(envelope?.[CLIENT_INFO_META_KEY] ?? mcp.server.getClientVersion());
  return info.data?.name.slice(0, 100);
}

const clientInfo = z.object({ name: z.string() });
