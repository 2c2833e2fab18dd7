import { KubeConfig } from '@kubernetes/client-node';
import { FakeApiServer, json } from '../testing/fakeApiServer';
import { Cluster } from './cluster';
import { Transport } from './transport';

const OPTIONS = { timeoutMs: 500, connections: 2 };

describe('Transport', () => {
  let server: FakeApiServer;
  let transport: Transport;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    transport = new Transport(server.kubeConfig(), OPTIONS);
  });
  afterEach(async () => {
    await transport.close();
    await server.close();
  });
  const get = (path = '/version') => transport.request({ method: 'GET', path });

  it('sends credentials and its own name to the path below the base', async () => {
    server.answer = (_, response) => json(response, { gitVersion: 'v1' });
    expect((await get()).body).toEqual({ gitVersion: 'v1' });
    expect(server.requests[0]).toMatchObject({
      url: '/base/version',
      headers: {
        authorization: 'Bearer first',
        'user-agent': expect.stringMatching(/^agentyard-rollout\/\d/),
      },
    });
  });

  it('asks for credentials anew once after a 401', async () => {
    const tokens = ['old', 'new'];
    transport = new Transport(server.kubeConfig(), {
      ...OPTIONS,
      bearerToken: async () => tokens.shift(),
    });
    server.answer = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? json(response, {})
        : json(response, {}, 401);
    await get();
    expect(server.requests).toHaveLength(2);
    server.answer = (_, response) => json(response, {}, 401);
    await expect(get()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(server.requests).toHaveLength(4);
  });

  it('gives up on a server that does not answer', async () => {
    server.answer = () => {};
    await expect(get()).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('0.5 s'),
    });
  });

  it('gives up on an answer that does not end', async () => {
    server.answer = (_, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(more));
    };
    transport = new Transport(server.kubeConfig(), {
      ...OPTIONS,
      timeoutMs: 5_000,
      maxResponseBytes: 10_000,
    });
    await expect(get()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('takes no page for JSON', async () => {
    server.answer = (_, response) => response.end('<html>');
    await expect(get()).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });

  it('follows no redirect', async () => {
    server.answer = (_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await expect(get()).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      status: 302,
    });
  });

  it('reads warnings', async () => {
    server.answer = (_, response) => {
      response.setHeader('warning', [
        '299 - "v1beta1 is \\"old\\""',
        '299 - "second"',
      ]);
      json(response, {});
    };
    expect((await get()).warnings).toEqual(['v1beta1 is "old"', 'second']);
  });

  it('stops when its caller does', async () => {
    server.answer = () => {};
    const signal = AbortSignal.timeout(50);
    await expect(
      transport.request({ method: 'GET', path: '/x', signal }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('a kubeconfig', () => {
  const config = (server: string, currentContext = 'c') => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromOptions({
      clusters: [{ name: 'k', server }],
      users: [{ name: 'u', token: 't' }],
      contexts: [{ name: 'c', cluster: 'k', user: 'u' }],
      currentContext,
    });
    return kubeConfig;
  };

  it.each([
    [
      'no such context',
      config('https://k.example', 'other'),
      'no context "other"',
    ],
    ['no URL', config('k.example'), 'not a URL'],
    ['credentials in the clear', config('http://k.example'), 'use https'],
  ])('is refused: %s', (_, kubeConfig, message) => {
    expect(() => Cluster.fromKubeConfig(kubeConfig)).toThrow(message);
  });
});
