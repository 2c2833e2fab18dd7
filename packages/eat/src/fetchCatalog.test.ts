import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSafeFetch } from '@agentyard/safe-fetch';
import { sha256 } from './canonicalJson';
import { createDidResolver } from './didResolver';
import { parseDidWeb } from './didWeb';
import { fetchAndVerifyCatalog } from './fetchCatalog';
import type { FetchAndVerifyOptions } from './fetchCatalog';
import type { JsonObject } from './strictJson';
import {
  NOW,
  bytesOf,
  kidOf,
  newKey,
  sampleCatalog,
  signingKey,
} from './testdata/publisher';
import { didDocument } from './didDocument';
import { signCatalog } from './signCatalog';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A publisher on this machine; each path can be given another handler. */
class TestPublisher {
  readonly handlers = new Map<string, Handler>();
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(`${request.url} ${request.headers.accept}`);
    const handler = this.handlers.get(request.url!);
    if (handler) {
      handler(request, response);
    } else {
      response.writeHead(404).end();
    }
  });

  async start(): Promise<void> {
    await new Promise<void>(resolve =>
      this.server.listen(0, '127.0.0.1', resolve),
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  get origin(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  get did(): string {
    return `did:web:${this.origin.slice('http://'.length).replace(':', '%3A')}`;
  }

  get url(): string {
    return `${this.origin}/.well-known/api-catalog`;
  }

  serve(path: string, type: string, body: Uint8Array): void {
    this.handlers.set(path, (_, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
  }
}

const key = newKey('RS256');
const SPEC = Buffer.from('openapi: 3.1.0\n');

describe('fetchAndVerifyCatalog', () => {
  let publisher: TestPublisher;
  let catalog: any;

  /** Signs the catalog as it stands and serves it in the forms of the reference. */
  const publish = async (
    options: { seq?: number; tampered?: JsonObject } = {},
  ) => {
    const { did, url } = publisher;
    const signed = await signCatalog({
      catalog,
      issuer: did,
      subject: url,
      issuedAt: NOW,
      seq: options.seq ?? 1,
      keys: [signingKey(key)],
    });
    const body = options.tampered
      ? bytesOf(options.tampered)
      : signed.catalogBytes;
    publisher.handlers.set('/.well-known/api-catalog', (request, response) => {
      if (request.headers.accept === 'application/jose+json') {
        response
          .writeHead(200, { 'content-type': 'application/jose+json' })
          .end(JSON.stringify(signed.general));
      } else {
        response
          .writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'x-jws-signature': signed.compact,
          })
          .end(body);
      }
    });
  };

  const verify = (options: Partial<FetchAndVerifyOptions> = {}) =>
    fetchAndVerifyCatalog({
      url: publisher.url,
      policy: {
        profile: 'strict',
        publisher: publisher.did,
        allowLoopback: true,
      },
      fetch: createSafeFetch({ allowLoopback: true }),
      now: NOW,
      ...options,
    });

  beforeEach(async () => {
    publisher = new TestPublisher();
    await publisher.start();
    catalog = sampleCatalog();
    catalog.metadata.publisher = publisher.did;
    for (const tool of catalog.tools) {
      tool.spec_url = `${publisher.origin}/specs/all.yaml`;
      tool.spec_hash = sha256(SPEC);
    }
    publisher.serve('/specs/all.yaml', 'application/yaml', SPEC);
    publisher.serve(
      '/.well-known/did.json',
      'application/did+json',
      bytesOf(
        didDocument({
          did: publisher.did,
          keys: [key],
          catalogUrl: publisher.url,
        }),
      ),
    );
    await publish();
  });

  afterEach(() => publisher.stop());

  it('verifies a catalog over HTTP in strict, specs included, asking no more than it must', async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({
      status: 'verified',
      carrier: 'S',
      kid: kidOf(key, publisher.did),
      url: publisher.url,
    });
    expect(verdict.tools).toHaveLength(2);
    expect(verdict.steps.every(({ status }) => status === 'passed')).toBe(true);
    expect(
      publisher.asked.map(line => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual([
      '/.well-known/api-catalog application/jose+json',
      '/.well-known/api-catalog application/json',
      '/.well-known/did.json application/did+json,',
      expect.stringMatching(/^\/specs\/all.yaml/),
    ]);
  });

  it('reads the header in eat-compat', async () => {
    const verdict = await verify({
      policy: {
        profile: 'eat-compat',
        publisher: publisher.did,
        allowLoopback: true,
      },
    });
    expect(verdict).toMatchObject({ status: 'verified', carrier: 'A' });
  });

  it('is not taken in by a publisher without sidecar', async () => {
    publisher.serve(
      '/.well-known/api-catalog',
      'application/json',
      bytesOf(catalog),
    );
    expect(await verify()).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'UNSIGNED' }],
    });
  });

  it('asks once more if body and signature do not fit, for a publication in progress', async () => {
    await publish({ tampered: { ...catalog, extra: 1 } });
    const fetch = createSafeFetch({ allowLoopback: true });
    let calls = 0;
    const verdict = await verify({
      fetch: async (url, init) => {
        calls++;
        if (calls === 4) {
          await publish();
        }
        return fetch(url, init);
      },
    });
    expect(verdict.status).toBe('verified');

    await publish({ tampered: { ...catalog, extra: 1 } });
    publisher.asked.length = 0;
    expect(await verify()).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'HASH_MISMATCH' }],
    });
    expect(
      publisher.asked.filter(line => line.includes('jose+json')),
    ).toHaveLength(2);
  });

  it('rejects the tools of a spec that was changed, and no others', async () => {
    catalog.tools[1].spec_url = `${publisher.origin}/specs/other.yaml`;
    publisher.serve('/specs/other.yaml', 'application/yaml', Buffer.from('x'));
    await publish();
    const verdict = await verify();
    expect(verdict.status).toBe('verified');
    expect(verdict.tools.map(({ name }) => name)).toEqual(['add']);
    expect(verdict.rejectedTools).toMatchObject([
      { index: 1, name: 'echo', problems: [{ code: 'SPEC_HASH_MISMATCH' }] },
    ]);
  });

  it('only warns of a spec that cannot be read', async () => {
    publisher.handlers.delete('/specs/all.yaml');
    const verdict = await verify();
    expect(verdict.tools).toHaveLength(2);
    expect(verdict.warnings).toMatchObject([{ code: 'SPEC_UNREACHABLE' }]);
  });

  it('contacts no URL of a catalog that is not verified', async () => {
    publisher.asked.length = 0;
    await publish({ tampered: { ...catalog, extra: 1 } });
    await verify();
    expect(publisher.asked.filter(line => line.startsWith('/specs'))).toEqual(
      [],
    );
  });

  it.each<[string, Handler, string, string]>([
    [
      'redirects',
      (_, r) => r.writeHead(302, { location: '/x' }).end(),
      'refused',
      'REDIRECT_REFUSED',
    ],
    [
      'answers 404',
      (_, r) => r.writeHead(404).end(),
      'unreachable',
      'HTTP_STATUS',
    ],
    [
      'answers 503',
      (_, r) => r.writeHead(503).end(),
      'unreachable',
      'HTTP_STATUS',
    ],
    ['never answers', () => {}, 'unreachable', 'TIMEOUT'],
    ['hangs up', (_, r) => r.destroy(), 'unreachable', 'UNREACHABLE'],
    [
      'sends 20 MB',
      (_, r) => r.writeHead(200).end(Buffer.alloc(20 * 1024 * 1024)),
      'refused',
      'TOO_LARGE',
    ],
  ])('tells of a publisher that %s', async (_, handler, status, code) => {
    publisher.handlers.set('/.well-known/api-catalog', handler);
    const verdict = await verify({
      fetch: createSafeFetch({
        allowLoopback: true,
        timeoutMs: code === 'TIMEOUT' ? 200 : undefined,
      }),
    });
    expect(verdict).toMatchObject({ status, reasons: [{ code }], tools: [] });
    expect(
      verdict.steps.filter(step => step.status === 'failed'),
    ).toMatchObject([{ name: 'fetch', code }]);
  });

  it('asks nobody about a private address', async () => {
    const verdict = await verify({
      url: 'https://10.0.0.1/.well-known/api-catalog',
    });
    expect(verdict).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'SSRF_BLOCKED' }],
    });
  });

  it('refuses a publisher of this machine without the development switch, before any request', async () => {
    publisher.asked.length = 0;
    const verdict = await verify({
      policy: { profile: 'strict', publisher: publisher.did },
    });
    expect(verdict).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'DID_INVALID' }],
    });
    expect(publisher.asked).toEqual([]);
  });

  describe('createDidResolver', () => {
    it('keeps a document for 600 s, refreshes at most once in 30 s, and knows when a publisher is no more', async () => {
      let now = NOW.getTime();
      const resolver = createDidResolver({
        fetch: createSafeFetch({ allowLoopback: true }),
        now: () => new Date(now),
      });
      const did = parseDidWeb(publisher.did, {
        allowListed: true,
        allowLoopback: true,
      });
      const resolve = (refresh = false) =>
        resolver.resolve(did, { profile: 'strict', refresh });
      publisher.asked.length = 0;
      await resolve();
      await resolve();
      await resolve(true);
      expect(publisher.asked).toHaveLength(1);
      now += 30_000;
      await resolve(true);
      expect(publisher.asked).toHaveLength(2);
      now += 600_000;
      publisher.handlers.set('/.well-known/did.json', (_, response) =>
        response.writeHead(503).end(),
      );
      await expect(resolve()).rejects.toMatchObject({
        code: 'DID_UNREACHABLE',
      });
      publisher.handlers.delete('/.well-known/did.json');
      await expect(resolve()).rejects.toMatchObject({
        code: 'DID_DEACTIVATED',
      });
    });
  });
});
