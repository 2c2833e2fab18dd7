import type { LoggerService } from '@backstage/backend-plugin-api';
import { probeMcpEndpoint } from '@agentyard/mcp-probe';
import { createSafeWebFetch } from '@agentyard/safe-fetch';
import {
  startEverythingServer,
  type EverythingServer,
} from './everythingServer';
import { describeAsOpenApi } from './openApi';

/** The demo's MCP server and what it says of itself. */
export class DemoWorld {
  readonly #options: { port: number; logger: LoggerService };
  readonly #listeners: Array<() => void> = [];
  #server: Promise<EverythingServer> | undefined;

  constructor(options: { port: number; logger: LoggerService }) {
    this.#options = options;
  }

  /** Starts the server; a failure is logged, and `readSpecs` then throws. */
  start() {
    const { port, logger } = this.#options;
    this.#server = startEverythingServer({ port, logger });
    this.#server.then(
      ({ url }) => {
        logger.info(`The demo's MCP server answers at ${url}`);
        this.#listeners.forEach(listener => listener());
      },
      error =>
        logger.error(
          `The demo's MCP server could not start: ${error.message}. ` +
            `Free port ${port} or set agentyard.demo.port to another one.`,
        ),
    );
  }

  /** Calls the listener once the server answers. */
  onReady(listener: () => void) {
    this.#listeners.push(listener);
  }

  /** Asks the live server for its tools and describes them as OpenAPI. */
  async readSpecs(): Promise<{ path: string; content: string }[]> {
    if (!this.#server) throw new Error('The demo has not been started');
    const { url } = await this.#server;
    const { serverInfo, tools, status, reasons } = await probeMcpEndpoint({
      url,
      fetch: createSafeWebFetch({ allowLoopback: true }),
    });
    // Not reached is not the same as without tools: the publication then stays as it was.
    if (!tools) {
      throw new Error(
        `The demo's MCP server is ${status}: ${reasons
          .map(({ message }) => message)
          .join(' ')}`,
      );
    }
    const content = describeAsOpenApi({
      title: serverInfo?.name ?? 'server-everything',
      version: serverInfo?.version ?? '1.0.0',
      serverUrl: url,
      tools,
    });
    return [{ path: 'openapi.yaml', content }];
  }

  async stop() {
    await (await this.#server?.catch(() => undefined))?.stop();
  }
}
