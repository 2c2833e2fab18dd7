import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface LocalServer {
  port: number;
  /** `http://localhost:<port>` */
  origin: string;
  close(): Promise<void>;
}

/** A server on 127.0.0.1; with TLS options an https one. */
export async function localServer(
  listener: RequestListener,
  tls?: ServerOptions,
): Promise<LocalServer> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${tls ? 'https' : 'http'}://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
