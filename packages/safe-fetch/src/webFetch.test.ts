import type { RequestListener } from 'node:http';
import { createSafeWebFetch } from './index';
import { localServer } from './testing/localServer';
import type { LocalServer } from './testing/localServer';

let server: LocalServer | undefined;

async function serve(listener: RequestListener): Promise<LocalServer> {
  server = await localServer(listener);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const ticking: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write('data: tick\n\n'), 10);
  response.on('close', () => clearInterval(timer));
};

describe('createSafeWebFetch', () => {
  it('holds the same address rules', async () => {
    const webFetch = createSafeWebFetch({ allowLoopback: true });
    await expect(webFetch('http://10.0.0.8/')).rejects.toMatchObject({
      code: 'SSRF_BLOCKED',
    });
    await expect(
      createSafeWebFetch()('https://localhost/'),
    ).rejects.toMatchObject({ code: 'SSRF_BLOCKED' });
  });

  it("answers with the runtime's own Response", async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end('{"a":1}');
    });
    const response = await createSafeWebFetch({ allowLoopback: true })(
      `${origin}/mcp`,
      { method: 'POST', body: '{}' },
    );
    expect(response).toBeInstanceOf(Response);
    expect(response.status).toBe(201);
    expect(response.url).toBe(`${origin}/mcp`);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('passes answers without a body', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(204).end();
    });
    const response = await createSafeWebFetch({ allowLoopback: true })(
      `${origin}/`,
    );
    expect(response.status).toBe(204);
    expect(response.body).toBeNull();
  });

  it('lets a stream live beyond the deadline for its headers', async () => {
    const { origin } = await serve(ticking);
    const response = await createSafeWebFetch({
      allowLoopback: true,
      timeoutMs: 60,
    })(`${origin}/`);
    const reader = response.body!.getReader();
    const start = Date.now();
    while (Date.now() - start < 150) {
      expect((await reader.read()).done).toBe(false);
    }
    await reader.cancel();
  });

  it('ends a stream at the cap', async () => {
    const { origin } = await serve(ticking);
    const response = await createSafeWebFetch({
      allowLoopback: true,
      maxBytes: 40,
    })(`${origin}/`);
    await expect(response.text()).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('waits for headers no longer than the deadline', async () => {
    const { origin } = await serve(() => {});
    await expect(
      createSafeWebFetch({ allowLoopback: true, timeoutMs: 60 })(`${origin}/`),
    ).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it("fails with the reason of the caller's signal, also in mid-stream", async () => {
    const { origin } = await serve(ticking);
    const webFetch = createSafeWebFetch({ allowLoopback: true });
    const reason = new Error('no longer needed');
    await expect(
      webFetch(`${origin}/`, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);

    const controller = new AbortController();
    const response = await webFetch(`${origin}/`, {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(reason), 40);
    await expect(response.text()).rejects.toBe(reason);
  });
});
