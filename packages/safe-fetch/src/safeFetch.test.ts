import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { createSafeFetch, SafeFetchError } from './index';
import type { SafeFetchInit, SafeFetchPolicy } from './index';
import { localServer } from './testing/localServer';
import type { LocalServer } from './testing/localServer';

const mebibyte = 1024 * 1024;
let server: LocalServer | undefined;

async function serve(listener: RequestListener): Promise<LocalServer> {
  server = await localServer(listener);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const answerOk: RequestListener = (_request, response) => response.end('ok');

/** Sends the request and gives the code of its refusal. */
async function codeOf(
  policy: SafeFetchPolicy,
  url: string,
  init?: SafeFetchInit,
): Promise<string> {
  try {
    const { status } = await createSafeFetch(policy)(url, init);
    return `answered ${status}`;
  } catch (error) {
    expect(error).toBeInstanceOf(SafeFetchError);
    return (error as SafeFetchError).code;
  }
}

describe('the URL', () => {
  it.each([
    ['not a url', 'INVALID_URL'],
    ['/relative', 'INVALID_URL'],
    ['ftp://tools.example.org/', 'INVALID_URL'],
    ['file:///etc/passwd', 'INVALID_URL'],
    ['https://user:secret@tools.example.org/', 'INVALID_URL'],
    ['http://tools.example.org/', 'INSECURE_URL'],
    ['https://tools.example.org:8443/', 'SSRF_BLOCKED'],
    ['https://93.184.216.34/', 'SSRF_BLOCKED'],
    ['https://127.0.0.1/', 'SSRF_BLOCKED'],
    ['https://2130706433/', 'SSRF_BLOCKED'],
    ['https://0x7f000001/', 'SSRF_BLOCKED'],
    ['https://0x7f.1/', 'SSRF_BLOCKED'],
    ['https://0177.0.0.1/', 'SSRF_BLOCKED'],
    ['https://127.1/', 'SSRF_BLOCKED'],
    ['https://１２７.0.0.1/', 'SSRF_BLOCKED'],
    ['https://[::1]/', 'SSRF_BLOCKED'],
    ['https://[::ffff:127.0.0.1]/', 'SSRF_BLOCKED'],
    ['https://[fe80::1]/', 'SSRF_BLOCKED'],
    ['https://169.254.169.254/latest/meta-data/', 'SSRF_BLOCKED'],
  ])(
    '%s is refused in production as %s, without a lookup',
    async (url, code) => {
      const resolve = jest.fn();
      expect(await codeOf({ resolve }, url)).toBe(code);
      expect(resolve).not.toHaveBeenCalled();
    },
  );

  it('is printed without its secrets', async () => {
    await expect(
      createSafeFetch()('http://tools.example.org/a?token=secret#part'),
    ).rejects.toThrow(/^(?!.*secret)/);
    await expect(
      createSafeFetch()('https://user:secret@tools.example.org/'),
    ).rejects.toThrow(/^(?!.*secret)/);
  });

  it.each([
    ['https://other.example.org/', 'SSRF_BLOCKED'],
    ['https://tools.example.org/', 'UNREACHABLE'],
    ['https://a.tools.example.com/', 'UNREACHABLE'],
    ['https://eviltools.example.com/', 'SSRF_BLOCKED'],
  ])('%s under a list of allowed hosts: %s', async (url, code) => {
    const policy = {
      allowedHosts: ['tools.example.org', '*.tools.example.com'],
      resolve: async () => {
        throw new Error('no name server in this test');
      },
    };
    expect(await codeOf(policy, url)).toBe(code);
  });
});

describe('the address behind the name', () => {
  it.each([
    ['private', ['10.0.0.8']],
    ['loopback', ['127.0.0.1']],
    ['cloud metadata', ['169.254.169.254']],
    ['IPv4-mapped', ['::ffff:10.0.0.8']],
    ['one public, one private', ['93.184.216.34', '192.168.0.1']],
    ['none', []],
  ])('%s is refused in production', async (_case, addresses) => {
    const policy = { resolve: async () => addresses };
    expect(await codeOf(policy, 'https://tools.example.org/')).toBe(
      'SSRF_BLOCKED',
    );
  });

  it('is looked up once: an answer that changes afterwards is never used', async () => {
    const { port } = await serve(answerOk);
    const resolve = jest
      .fn()
      .mockResolvedValueOnce(['127.0.0.1'])
      .mockResolvedValue(['10.0.0.8']);
    const safeFetch = createSafeFetch({ allowLoopback: true, resolve });

    const { status } = await safeFetch(`http://rebinding.example.org:${port}/`);

    expect(status).toBe(200);
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('is tested again for each new connection', async () => {
    const { port } = await serve((_request, response) => {
      response.setHeader('connection', 'close').end('ok');
    });
    const resolve = jest
      .fn()
      .mockResolvedValueOnce(['127.0.0.1'])
      .mockResolvedValue(['10.0.0.8']);
    const safeFetch = createSafeFetch({ allowLoopback: true, resolve });

    await safeFetch(`http://rebinding.example.org:${port}/`);
    await expect(
      safeFetch(`http://rebinding.example.org:${port}/`),
    ).rejects.toMatchObject({ code: 'SSRF_BLOCKED' });
  });

  let pem: { private: string; cert: string };

  // The generator signs in plain JavaScript, which takes seconds on a busy machine.
  beforeAll(() => {
    const options = {
      algorithm: 'sha256',
      keyPair: generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      }),
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: [{ type: 2, value: 'tools.example.org' }],
        },
      ],
    };
    pem = generate(
      [{ name: 'commonName', value: 'tools.example.org' }],
      options,
    );
  }, 60_000);

  it('is connected to with the name in Host and SNI, and the certificate checked against the name', async () => {
    let request: IncomingMessage | undefined;
    const tlsServer = await localServer(
      (incoming, response) => {
        request = incoming;
        response.end('ok');
      },
      { key: pem.private, cert: pem.cert },
    );
    const policy: SafeFetchPolicy = {
      allowLoopback: true,
      resolve: async () => ['127.0.0.1'],
      ca: [pem.cert],
    };
    try {
      const url = `https://tools.example.org:${tlsServer.port}/`;
      expect(await codeOf(policy, url)).toBe('answered 200');
      expect(request?.headers.host).toBe(`tools.example.org:${tlsServer.port}`);
      expect(
        (request?.socket as TLSSocket & { servername: string }).servername,
      ).toBe('tools.example.org');
      expect(
        await codeOf(policy, `https://other.example.org:${tlsServer.port}/`),
      ).toBe('UNREACHABLE');
      expect(await codeOf({ ...policy, ca: undefined }, url)).toBe(
        'UNREACHABLE',
      );
    } finally {
      await tlsServer.close();
    }
  });
});

describe('loopback in development', () => {
  const development = { allowLoopback: true };

  it.each(['localhost', '127.0.0.1', '2130706433', '127.1'])(
    '%s is allowed with http on any port',
    async host => {
      const { port } = await serve(answerOk);
      expect(await codeOf(development, `http://${host}:${port}/`)).toBe(
        'answered 200',
      );
    },
  );

  it.each([
    ['http://10.0.0.8/', 'SSRF_BLOCKED'],
    ['http://0.0.0.0:8080/', 'SSRF_BLOCKED'],
    ['http://[::ffff:127.0.0.1]:8080/', 'SSRF_BLOCKED'],
    ['https://93.184.216.34/', 'SSRF_BLOCKED'],
    ['http://user@localhost/', 'INVALID_URL'],
  ])('%s stays refused as %s', async (url, code) => {
    expect(await codeOf(development, url)).toBe(code);
  });

  it.each([
    [
      'http to a public address',
      'http://tools.example.org/',
      ['93.184.216.34'],
      'INSECURE_URL',
    ],
    [
      'another port of a public address',
      'https://tools.example.org:8443/',
      ['93.184.216.34'],
      'SSRF_BLOCKED',
    ],
    [
      'a private address',
      'http://tools.example.org/',
      ['10.0.0.8'],
      'SSRF_BLOCKED',
    ],
    [
      'loopback and public together',
      'https://tools.example.org/',
      ['127.0.0.1', '93.184.216.34'],
      'SSRF_BLOCKED',
    ],
  ])('%s stays refused', async (_case, url, addresses, code) => {
    const policy = { ...development, resolve: async () => addresses };
    expect(await codeOf(policy, url)).toBe(code);
  });
});

describe('the request', () => {
  it('carries method, headers and body, but no cookie', async () => {
    const seen: unknown[] = [];
    const { origin } = await serve(async (request, response) => {
      request.setEncoding('utf8');
      const [body] = (await once(request, 'data')) as [string];
      const { authorization, cookie } = request.headers;
      seen.push(
        [request.method, authorization, cookie, body],
        request.headers['accept-encoding'],
      );
      response.setHeader('set-cookie', 'session=1').end('{}');
    });
    const safeFetch = createSafeFetch({ allowLoopback: true });
    const post: SafeFetchInit = {
      method: 'POST',
      headers: {
        Authorization: 'Bearer x',
        Cookie: 'a=b',
        'Accept-Encoding': 'gzip',
      },
      body: '{"jsonrpc":"2.0"}',
    };

    await safeFetch(`${origin}/`, post);
    await safeFetch(`${origin}/`, post);

    const sent = ['POST', 'Bearer x', undefined, '{"jsonrpc":"2.0"}'];
    expect(seen).toEqual([sent, 'identity', sent, 'identity']);
  });

  it('waits when too many to one origin are under way', async () => {
    let now = 0;
    let most = 0;
    const { origin } = await serve((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end('ok');
      }, 20);
    });
    const safeFetch = createSafeFetch({
      allowLoopback: true,
      maxConnectionsPerOrigin: 2,
    });

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => safeFetch(`${origin}/`)),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(most).toBe(2);
  });
});

describe('the answer', () => {
  const development = { allowLoopback: true, timeoutMs: 5_000 };

  it('is given whole, with status, headers and URL', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/plain', etag: '"7"' });
      response.end('nothing here');
    });

    const answer = await createSafeFetch(development)(`${origin}/a/../b`);

    expect(answer.status).toBe(404);
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(Buffer.from(answer.body).toString()).toBe('nothing here');
    expect(answer.url).toBe(`${origin}/b`);
  });

  it.each([301, 302, 303, 307, 308])('redirect %d is refused', async status => {
    const asked: (string | undefined)[] = [];
    const { origin } = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await codeOf(development, `${origin}/start`)).toBe(
      'REDIRECT_REFUSED',
    );
    expect(asked).toEqual(['/start']);
  });

  it('a gzip bomb is refused before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * mebibyte));
    const { origin } = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(bomb);
    });
    expect(await codeOf(development, `${origin}/`)).toBe(
      'BAD_CONTENT_ENCODING',
    );
  });

  it('beyond the cap by its declared length is refused', async () => {
    const { origin } = await serve((_request, response) => {
      response.setHeader('content-length', 20 * mebibyte);
      response.write('x');
    });
    expect(await codeOf(development, `${origin}/`)).toBe('TOO_LARGE');
  });

  it('beyond the cap while streaming is refused, and the server is let go', async () => {
    let sent = 0;
    let closed: Promise<unknown> | undefined;
    const { origin } = await serve((_request, response) => {
      closed = once(response, 'close');
      const chunk = Buffer.alloc(64 * 1024);
      const timer = setInterval(() => {
        sent += chunk.length;
        response.write(chunk);
      }, 1);
      response.on('close', () => clearInterval(timer));
    });

    expect(
      await codeOf({ ...development, maxBytes: mebibyte }, `${origin}/`),
    ).toBe('TOO_LARGE');
    await closed;
    expect(sent).toBeLessThan(20 * mebibyte);
  });

  it('of exactly the cap is read, of one byte more is not', async () => {
    const { origin } = await serve((_request, response) => {
      response.write('12345');
      response.end('678');
    });
    expect(await codeOf(development, `${origin}/`, { maxBytes: 8 })).toBe(
      'answered 200',
    );
    expect(await codeOf(development, `${origin}/`, { maxBytes: 7 })).toBe(
      'TOO_LARGE',
    );
  });

  it('that never starts ends with the deadline', async () => {
    const { origin } = await serve(() => {});
    expect(await codeOf({ ...development, timeoutMs: 100 }, `${origin}/`)).toBe(
      'TIMEOUT',
    );
  });

  it('that trickles ends with the deadline too', async () => {
    const { origin } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await codeOf(development, `${origin}/`, { timeoutMs: 150 })).toBe(
      'TIMEOUT',
    );
  });

  it('is given up when the caller says so, before and while reading', async () => {
    const { origin } = await serve((_request, response) => {
      response.write('.');
    });
    expect(
      await codeOf(development, `${origin}/`, { signal: AbortSignal.abort() }),
    ).toBe('ABORTED');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    expect(
      await codeOf(development, `${origin}/`, { signal: controller.signal }),
    ).toBe('ABORTED');
  });

  it.each([
    ['application/json; charset=utf-8', 200, 'answered 200'],
    ['application/linkset+json', 200, 'answered 200'],
    ['text/html', 200, 'BAD_CONTENT_TYPE'],
    ['text/html', 404, 'answered 404'],
  ])('of type %s with status %d: %s', async (type, status, expected) => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end('{}');
    });
    expect(
      await codeOf(development, `${origin}/`, {
        contentTypes: ['application/json', '+json'],
      }),
    ).toBe(expected);
  });

  it('that breaks off is unreachable', async () => {
    const { origin } = await serve((_request, response) => {
      response.setHeader('content-length', 100);
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await codeOf(development, `${origin}/`)).toBe('UNREACHABLE');
  });

  it('of a closed port is unreachable', async () => {
    const { origin, close } = await serve(answerOk);
    await close();
    server = undefined;
    expect(await codeOf(development, `${origin}/`)).toBe('UNREACHABLE');
  });

  it('with oversized headers is refused', async () => {
    const { origin } = await serve((_request, response) => {
      response.setHeader('x-long', 'x'.repeat(64 * 1024)).end();
    });
    expect(await codeOf(development, `${origin}/`)).toBe('TOO_LARGE');
  });
});
