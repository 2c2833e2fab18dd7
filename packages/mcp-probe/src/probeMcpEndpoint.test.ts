import { spawn, type ChildProcess } from 'node:child_process';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { createSafeWebFetch } from '@agentyard/safe-fetch';
import { probeMcpEndpoint } from './probeMcpEndpoint';

jest.setTimeout(60_000);

const fetch = createSafeWebFetch({ allowLoopback: true });

/** A server whose every answer the test decides. */
async function serve(answer: http.RequestListener) {
  const server = http.createServer(answer);
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function freePort() {
  return new Promise<number>(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function body(request: http.IncomingMessage) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

describe('the published server-everything', () => {
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}/mcp`;
    child = spawn(
      process.execPath,
      [
        path.join(
          path.dirname(
            require.resolve(
              '@modelcontextprotocol/server-everything/package.json',
            ),
          ),
          'dist/index.js',
        ),
        'streamableHttp',
      ],
      { env: { PATH: process.env.PATH, PORT: String(port) }, stdio: 'pipe' },
    );
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', text => /listening/.test(text) && resolve());
      child.once('exit', () => reject(new Error('it ended')));
    });
  });
  afterAll(() => child.kill());

  it('is healthy, speaks by session, and lists its tools with schemas', async () => {
    const probe = await probeMcpEndpoint({ url, fetch });
    expect(probe).toMatchObject({
      url,
      status: 'healthy',
      reasons: [],
      dialect: { era: 'session', protocolVersion: '2025-11-25', url },
      serverInfo: { name: 'mcp-servers/everything' },
      capabilities: { tools: expect.anything() },
    });
    expect(probe.latencyMs).toBeGreaterThan(0);
    const echo = probe.tools!.find(({ name }) => name === 'echo');
    expect(echo!.inputSchema).toMatchObject({
      type: 'object',
      properties: { message: { type: 'string' } },
    });
  });
});

describe('a server of MCP 2026-07-28', () => {
  it('is asked without a handshake, page by page', async () => {
    const methods: string[] = [];
    const server = await serve(async (request, response) => {
      if (request.method !== 'POST') {
        response.writeHead(request.url === '/health' ? 200 : 405).end('{}');
        return;
      }
      const { id, method, params } = await body(request);
      methods.push(method);
      const result =
        method === 'server/discover'
          ? {
              resultType: 'complete',
              supportedVersions: ['2026-07-28'],
              capabilities: { tools: {} },
              ttlMs: 0,
              cacheScope: 'private',
              _meta: {
                'io.modelcontextprotocol/serverInfo': {
                  name: 'orders',
                  version: '1.4.0',
                },
              },
            }
          : {
              resultType: 'complete',
              ttlMs: 0,
              cacheScope: 'private',
              ...(params.cursor
                ? { tools: [tool('cancel_order')] }
                : { tools: [tool('get_order')], nextCursor: 'second' }),
            };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
    try {
      const probe = await probeMcpEndpoint({
        url: `${server.origin}/orders/mcp`,
        fetch,
      });
      expect(probe).toMatchObject({
        status: 'healthy',
        dialect: { era: 'stateless', protocolVersion: '2026-07-28' },
        serverInfo: { name: 'orders', version: '1.4.0' },
        health: { ok: true },
      });
      expect(probe.tools!.map(({ name }) => name)).toEqual([
        'get_order',
        'cancel_order',
      ]);
      expect(methods).toEqual(['server/discover', 'tools/list', 'tools/list']);
    } finally {
      server.close();
    }
  });
});

describe('a server of the EAT dialect', () => {
  it('is found at <origin>/mcp when its own path does not answer', async () => {
    const server = await serve(async (request, response) => {
      if (request.method !== 'POST' || request.url !== '/mcp') {
        response.writeHead(404).end();
        return;
      }
      const { id, method } = await body(request);
      const answer =
        method === 'tools/list'
          ? { result: { tools: [tool('get_customer')] } }
          : { error: { code: -32603, message: 'Internal error' } };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });
    try {
      const probe = await probeMcpEndpoint({
        url: `${server.origin}/customers`,
        fetch,
      });
      expect(probe).toMatchObject({
        status: 'healthy',
        dialect: { era: 'eat', url: `${server.origin}/mcp` },
        tools: [{ name: 'get_customer' }],
      });
    } finally {
      server.close();
    }
  });
});

describe('what is no healthy server', () => {
  it.each([401, 403])('wants credentials when it answers %s', async status => {
    const server = await serve((_, response) => {
      response.writeHead(status).end();
    });
    const probe = await probeMcpEndpoint({
      url: `${server.origin}/mcp`,
      fetch,
    });
    server.close();
    expect(probe).toMatchObject({
      status: 'unauthorized',
      reasons: [{ code: 'UNAUTHORIZED' }],
    });
    expect(probe.tools).toBeUndefined();
  });

  it('is unreachable when nobody listens', async () => {
    const url = `http://localhost:${await freePort()}/mcp`;
    const probe = await probeMcpEndpoint({ url, fetch });
    expect(probe).toMatchObject({
      status: 'unreachable',
      reasons: [{ code: 'UNREACHABLE' }],
    });
    expect(probe.tools).toBeUndefined();
  });

  it('is unreachable when it never answers', async () => {
    const server = await serve(() => {});
    const probe = await probeMcpEndpoint({
      url: `${server.origin}/mcp`,
      fetch,
      timeoutMs: 500,
    });
    server.close();
    expect(probe.status).toBe('unreachable');
  });

  it('is refused, and not asked, at an address that the policy forbids', async () => {
    const probe = await probeMcpEndpoint({
      url: 'https://169.254.169.254/mcp',
      fetch,
    });
    expect(probe).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'SSRF_BLOCKED' }],
    });
  });

  it('is incompatible when it is a web page', async () => {
    const server = await serve((_, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<h1>Hi</h1>');
    });
    const probe = await probeMcpEndpoint({
      url: `${server.origin}/mcp`,
      fetch,
    });
    server.close();
    expect(probe).toMatchObject({
      status: 'incompatible',
      reasons: [{ code: 'NOT_MCP' }],
    });
  });
});

function tool(name: string) {
  return { name, description: name, inputSchema: { type: 'object' } };
}
