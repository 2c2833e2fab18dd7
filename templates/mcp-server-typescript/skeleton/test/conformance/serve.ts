import { readConfig } from '../../src/config.ts';
import { startHttpServer } from '../../src/httpServer.ts';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createConformanceServer } from './fixtures.ts';

/** Serves the fixtures of the conformance suite through the service's own HTTP server, sessions and guards. */
const config = readConfig();
const logger = createLogger(config);
const server = await startHttpServer({
  config,
  logger,
  metrics: createMetrics(),
  mcpServerFactory: createConformanceServer,
});
logger.info({ url: server.url }, 'Conformance fixtures are served');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await server.stop();
    process.exit(0);
  });
}
