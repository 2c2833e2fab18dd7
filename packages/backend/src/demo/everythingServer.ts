import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';

/** A running demo server: its MCP endpoint, and how to end it. */
export interface EverythingServer {
  readonly url: string;
  stop(): Promise<void>;
}

// The child ends with us, even when we are killed: the channel between us closes then.
const endWithParent =
  'data:text/javascript,process.on("disconnect",()=>process.exit())';

/**
 * Starts the published `@modelcontextprotocol/server-everything` over streamable HTTP.
 *
 * The package always listens on every address of the machine, so it is given a socket file instead of a port, and a
 * relay makes that reachable on loopback alone. Its environment is empty but for what it needs, since one of its tools
 * shows the environment to whoever asks.
 *
 * @param options.port - Port on 127.0.0.1; 0 takes a free one.
 */
export async function startEverythingServer(options: {
  port: number;
  logger: LoggerService;
}): Promise<EverythingServer> {
  const { port, logger } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'agentyard-demo-'));
  const socketPath =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\${path.basename(folder)}`
      : path.join(folder, 'mcp.sock');

  const script = path.join(
    path.dirname(
      require.resolve('@modelcontextprotocol/server-everything/package.json'),
    ),
    'dist/index.js',
  );
  const child = spawn(
    process.execPath,
    ['--import', endWithParent, script, 'streamableHttp'],
    {
      env: { PATH: process.env.PATH, PORT: socketPath },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  child.stderr!.on('data', chunk =>
    logger.debug(`server-everything: ${String(chunk).trim()}`),
  );
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
  });

  const open = new Set<net.Socket>();
  const relay = net.createServer(client => {
    const upstream = net.connect(socketPath);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });

  const stop = async () => {
    relay.close();
    open.forEach(socket => socket.destroy());
    if (child.connected) child.disconnect();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await untilListening(socketPath, exited);
    await new Promise<void>((resolve, reject) => {
      relay.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const address = relay.address() as AddressInfo;
  return { url: `http://localhost:${address.port}/mcp`, stop };
}

async function untilListening(socketPath: string, exited: Promise<void>) {
  const deadline = Date.now() + 20_000;
  const gone = exited.then(() => 'gone' as const);
  for (;;) {
    const state = await Promise.race([tryConnect(socketPath), gone]);
    if (state === true) return;
    if (state === 'gone') {
      throw new Error('server-everything ended before it was ready');
    }
    if (Date.now() > deadline) {
      throw new Error('server-everything was not ready within 20 seconds');
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function tryConnect(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
