import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** A real MCP server on loopback, on the official SDK; its tools take an `orderId`. */
export async function startMcpServer(options: {
  name: string;
  tools: string[];
}): Promise<{ url: string; stop(): Promise<void> }> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: options.name, version: '1.0.0' });
    for (const tool of options.tools) {
      server.registerTool(
        tool,
        {
          title: `The tool ${tool}`,
          inputSchema: z.object({ orderId: z.string() }),
          outputSchema: z.object({ state: z.string() }),
          annotations: { readOnlyHint: true },
        },
        async () => ({
          content: [{ type: 'text', text: 'shipped' }],
          structuredContent: { state: 'shipped' },
        }),
      );
    }
    return server;
  });
  const listener = toNodeHandler(handler);
  const http = createServer((request, response) =>
    request.url === '/mcp'
      ? listener(request, response)
      : response.writeHead(404).end(),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}/mcp`,
    async stop() {
      http.closeAllConnections();
      http.close();
      await handler.close();
    },
  };
}
