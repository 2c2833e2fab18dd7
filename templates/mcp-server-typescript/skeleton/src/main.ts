import { readConfig } from './config.ts';
import { startHttpServer, type HttpServer } from './httpServer.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { service } from './service.ts';

const config = readConfig();
const logger = createLogger(config);

let server: HttpServer;
try {
  server = await startHttpServer({ config, logger, metrics: createMetrics() });
} catch (error) {
  logger.fatal({ exception: error }, `Cannot listen on ${config.HOST}:${config.PORT}`);
  process.exit(1);
}
logger.info({ version: service.version, url: server.url }, `${service.name} is listening`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    logger.info({ signal }, 'Stopping');
    await server.stop();
    logger.info('Stopped');
    process.exit(0);
  });
}
