import { createMcpHandler, isLegacyRequest, type McpServer } from '@modelcontextprotocol/server';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Sessions } from './sessions.ts';

/**
 * One MCP endpoint for both eras of the protocol: clients of 2025 open a session, clients of 2026-07-28 send
 * requests that stand alone. The SDK tells them apart.
 */
export function createMcpEndpoint(options: {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  createMcpServer: () => McpServer;
}) {
  const { config, logger, metrics, createMcpServer } = options;
  const maxRequestBodySize = config.MAX_BODY_BYTES;
  const sessions = new Sessions({ limits: config, logger, metrics, createMcpServer });
  const stateless = createMcpHandler(createMcpServer, {
    legacy: 'reject',
    maxRequestBodySize,
    onerror: error => logger.warn({ exception: error }, 'MCP request refused'),
  });
  return {
    async fetch(request: Request): Promise<Response> {
      return (await isLegacyRequest(request, undefined, { maxRequestBodySize }))
        ? sessions.fetch(request)
        : stateless.fetch(request);
    },
    async close(): Promise<void> {
      await Promise.all([sessions.close(), stateless.close()]);
    },
  };
}
