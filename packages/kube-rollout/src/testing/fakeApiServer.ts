import { KubeConfig } from '@kubernetes/client-node';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

/** Answers one request. */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/**
 * An API server for quirks that a real one cannot be made to show on demand: broken streams, endless bodies, expired
 * versions. Listens on loopback, on any free port.
 */
export class FakeApiServer {
  readonly requests: {
    method: string;
    url: string;
    headers: IncomingMessage['headers'];
  }[] = [];
  readonly #server: Server;
  answer: Answer = (_, response) => response.writeHead(404).end();

  static async start(): Promise<FakeApiServer> {
    const fake = new FakeApiServer();
    await new Promise<void>(resolve =>
      fake.#server.listen(0, '127.0.0.1', resolve),
    );
    return fake;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
      });
      this.answer(request, response);
    });
  }

  kubeConfig(user: object = { name: 'ada', token: 'first' }): KubeConfig {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      {
        name: 'fake',
        server: `http://127.0.0.1:${
          (this.#server.address() as AddressInfo).port
        }/base/`,
        skipTLSVerify: true, // client-node takes plain http only so
      },
      user as any,
    );
    return kubeConfig;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

/** Sends a value as JSON. */
export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(value));
}
