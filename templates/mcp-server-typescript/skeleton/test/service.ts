import { Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { McpServer } from '@modelcontextprotocol/server';
import { readConfig } from '../src/config.ts';
import { startHttpServer } from '../src/httpServer.ts';
import { createLogger } from '../src/logger.ts';
import { createMetrics } from '../src/metrics.ts';

/** Starts the service on a free port, keeps its log, and stops it after the test. */
export async function startService(t: TestContext, env: NodeJS.ProcessEnv = {}, mcpServerFactory?: () => McpServer) {
  const log: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      log.push(JSON.parse(String(line)));
      done();
    },
  });
  const config = readConfig({ PORT: '0', SHUTDOWN_GRACE_SECONDS: '1', ...env });
  const server = await startHttpServer({
    config,
    logger: createLogger(config, destination),
    metrics: createMetrics(),
    ...(mcpServerFactory && { mcpServerFactory }),
  });
  t.after(() => server.stop());
  return { ...server, log };
}

/** Connects the SDK's client in one of the two eras. */
export async function connect(t: TestContext, url: string, era: '2025' | '2026-07-28') {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === '2025' ? 'legacy' : { pin: era } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url)));
  t.after(() => client.close());
  return client;
}
