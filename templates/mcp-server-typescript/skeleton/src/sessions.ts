import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpServer,
} from '@modelcontextprotocol/server';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { RecentEvents } from './recentEvents.ts';

type Limits = Pick<Config, 'MAX_SESSIONS' | 'SESSION_IDLE_SECONDS' | 'MAX_BODY_BYTES'>;

/**
 * The sessions of clients that speak MCP 2025-03-26 to 2025-11-25. They live in this process: several replicas need
 * a balancer that keeps a client at its replica. A client whose session is gone gets 404 and opens a new one.
 */
export class Sessions {
  readonly #open = new Map<
    string,
    { mcp: McpServer; transport: WebStandardStreamableHTTPServerTransport; usedAt: number }
  >();
  readonly #options: { limits: Limits; logger: Logger; metrics: Metrics; createMcpServer: () => McpServer };
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: { limits: Limits; logger: Logger; metrics: Metrics; createMcpServer: () => McpServer }) {
    this.#options = options;
    this.#sweeper = setInterval(() => this.#closeIdle(), 10_000).unref();
  }

  /** Answers one request of a 2025-era client. */
  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) return this.#initialize(request);
    const session = this.#open.get(id);
    if (!session) return refusal(404, -32001, 'Session not found; initialize a new one');
    session.usedAt = Date.now();
    return session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#open.values()].map(({ mcp }) => mcp.close()));
  }

  async #initialize(request: Request): Promise<Response> {
    const { limits, logger, metrics, createMcpServer } = this.#options;
    let message: unknown;
    try {
      message = request.method === 'POST' ? await request.clone().json() : undefined;
    } catch {
      return refusal(400, -32700, 'The body is no JSON');
    }
    if (!isInitializeRequest(message)) {
      return refusal(400, -32000, 'Mcp-Session-Id is missing: initialize first, then send it with each request');
    }
    if (this.#open.size >= limits.MAX_SESSIONS) {
      logger.warn({ sessions: this.#open.size }, 'Session refused: MAX_SESSIONS are open');
      return refusal(503, -32000, 'Too many sessions are open; try again later', { 'Retry-After': '30' });
    }
    const mcp = createMcpServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new RecentEvents(),
      retryInterval: 1000,
      maxRequestBodySize: limits.MAX_BODY_BYTES,
      onsessioninitialized: id => {
        this.#open.set(id, { mcp, transport, usedAt: Date.now() });
        metrics.activeAgents.set(this.#open.size);
      },
    });
    await mcp.connect(transport);
    mcp.server.onclose = () => {
      if (transport.sessionId) this.#open.delete(transport.sessionId);
      metrics.activeAgents.set(this.#open.size);
    };
    const response = await transport.handleRequest(request);
    if (!transport.sessionId) await mcp.close();
    return response;
  }

  #closeIdle(): void {
    const { limits, logger } = this.#options;
    const oldest = Date.now() - limits.SESSION_IDLE_SECONDS * 1000;
    for (const { mcp, usedAt } of this.#open.values()) {
      if (usedAt < oldest) {
        mcp.close().catch(error => logger.warn({ exception: error }, 'Idle session did not close'));
      }
    }
  }
}

function refusal(status: number, code: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}
