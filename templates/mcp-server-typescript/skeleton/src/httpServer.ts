import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import type { McpServer } from '@modelcontextprotocol/server';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import { createMcpEndpoint } from './mcpEndpoint.ts';
import { createMcpServer } from './mcpServer.ts';
import type { Metrics } from './metrics.ts';
import { service } from './service.ts';
import { callTool } from './toolCalls.ts';

/** A running service. */
export interface HttpServer {
  /** `http://<host>:<port>` as listened on. */
  url: string;
  /** Stops taking work, lets requests in flight finish for the grace period, then cuts what is left. */
  stop(): Promise<void>;
}

/**
 * Starts the service: `/mcp`, `POST /tools/<name>`, `/openapi.yaml`, `/health` (the process is alive), `/ready` (it
 * takes work), `/metrics`.
 *
 * @throws Error with `code` EADDRINUSE or EACCES when the address cannot be listened on.
 */
export async function startHttpServer(options: {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  /** Makes another MCP server than that of this service's tools. */
  mcpServerFactory?: () => McpServer;
}): Promise<HttpServer> {
  const { config, logger, metrics } = options;
  const onerror = (error: Error) => logger.error({ exception: error }, 'Request failed');
  const bound = { maxRequestBodySize: config.MAX_BODY_BYTES, onerror };

  const mcp = createMcpEndpoint({
    config,
    logger,
    metrics,
    createMcpServer: options.mcpServerFactory ?? (() => createMcpServer({ logger, metrics })),
  });
  const handleMcp = toNodeHandler(mcp, bound);
  const handleToolCall = toNodeHandler({ fetch: request => callTool(request, { logger, metrics }) }, bound);
  const hostAllowed = hostHeaderValidation(config.ALLOWED_HOSTS);
  const originAllowed = originValidation(config.ALLOWED_ORIGINS);
  const openapi = await readFile(new URL('../openapi/openapi.yaml', import.meta.url));
  let ready = true;

  const handlers = {
    '/mcp': guarded(handleMcp),
    '/tools': guarded(handleToolCall),
    '/openapi.yaml': (_: IncomingMessage, res: ServerResponse) =>
      void res.writeHead(200, { 'Content-Type': 'application/yaml' }).end(openapi),
    '/health': (_: IncomingMessage, res: ServerResponse) =>
      sendJson(res, 200, { status: 'healthy', service: service.name }),
    '/ready': (_: IncomingMessage, res: ServerResponse) =>
      sendJson(res, ready ? 200 : 503, { status: ready ? 'ready' : 'stopping', service: service.name }),
    '/metrics': async (_: IncomingMessage, res: ServerResponse) => {
      const body = await metrics.registry.metrics();
      res.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(body);
    },
  };

  function guarded(handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>) {
    return async (req: IncomingMessage, res: ServerResponse) => {
      if (hostAllowed(req, res) && originAllowed(req, res)) await handle(req, res);
      if (res.statusCode === 403) {
        logger.warn(
          {
            event: 'security_violation',
            violation_type: 'host_or_origin_refused',
            severity: 'HIGH',
            details: { host: req.headers.host?.slice(0, 200), origin: req.headers.origin?.slice(0, 200) },
          },
          'Request refused: ALLOWED_HOSTS or ALLOWED_ORIGINS does not name its sender',
        );
      }
    };
  }

  const server = createServer(async (req, res) => {
    const route = routeOf(req.url);
    const started = performance.now();
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.once('close', () =>
      metrics.httpDuration.observe(
        { route: route ?? 'other', code: res.statusCode },
        (performance.now() - started) / 1000,
      ),
    );
    try {
      if (route) await handlers[route](req, res);
      else sendJson(res, 404, { error: { code: 'NOT_FOUND', message: 'No such route' } });
    } catch (error) {
      logger.error({ exception: error }, 'Request failed');
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { error: { code: 'INTERNAL_ERROR', message: 'The log says why' } });
    }
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  // Longer than the idle time of common balancers, so that they close first.
  server.keepAliveTimeout = 65_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.PORT, config.HOST, () => resolve());
  });
  server.removeAllListeners('error').on('error', onerror);
  const { address, port, family } = server.address() as AddressInfo;

  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async stop() {
      ready = false;
      const cut = setTimeout(() => server.closeAllConnections(), config.SHUTDOWN_GRACE_SECONDS * 1000).unref();
      const closed = promisify(server.close.bind(server))();
      // Streams that stand open for messages would hold the server until the grace period ends.
      await mcp.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
}

type Route = '/mcp' | '/tools' | '/openapi.yaml' | '/health' | '/ready' | '/metrics';

/** The route's name, of which there are few: it labels metrics. */
function routeOf(url = '/'): Route | undefined {
  const path = url.split('?', 1)[0];
  switch (path) {
    case '/mcp':
    case '/openapi.yaml':
    case '/health':
    case '/ready':
    case '/metrics':
      return path;
    default:
      return path?.startsWith('/tools/') ? '/tools' : undefined;
  }
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
