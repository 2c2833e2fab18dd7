import { createHash } from 'node:crypto';
import request from 'supertest';
import { compactVerify, createLocalJWKSet, generalVerify } from 'jose';
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { canonicalize, staticDidResolver, verifyCatalog } from '@agentyard/eat';
import { CatalogSigningClient } from '@agentyard/plugin-catalog-signing-common';
import {
  catalogSigningSpecSourceExtensionPoint,
  SpecSource,
} from '@agentyard/plugin-catalog-signing-node';
import { openApi } from './testing/openApi';
import { catalogSigningPlugin } from './plugin';

const baseUrl = 'http://localhost:7007';
const did = 'did:web:localhost%3A7007';

// On loopback, as the publisher is; a public one refuses it.
const local = 'http://localhost:3001/mcp';
const orders = [
  { path: 'openapi.yaml', content: openApi(['get_order'], local) },
];

function sha256(data: Buffer) {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/** Waits until `check` does not throw. */
async function eventually<T>(check: () => Promise<T>): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

// Each test starts a backend, and the first keys take their time.
jest.setTimeout(60_000);

describe('catalog-signing', () => {
  const disk = createMockDirectory();
  let backend: TestBackend | undefined;

  async function start(
    options: { sources?: SpecSource[]; deny?: boolean } = {},
  ) {
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(() => ({
          result: options.deny ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
        })),
    });
    backend = await startTestBackend({
      features: [
        catalogSigningPlugin,
        createBackendModule({
          pluginId: 'catalog-signing',
          moduleId: 'test',
          register(env) {
            env.registerInit({
              deps: { specs: catalogSigningSpecSourceExtensionPoint },
              async init({ specs }) {
                options.sources?.forEach(source => specs.addSpecSource(source));
              },
            });
          },
        }),
        permissions.factory,
        mockServices.database.factory(),
        mockServices.rootConfig.factory({
          data: {
            agentyard: {
              signing: {
                keyStore: {
                  directory: disk.resolve('keys'),
                  secretFile: disk.resolve('keys.secret'),
                },
                publishers: [
                  { id: 'portal', did, baseUrl, title: 'Tools of this portal' },
                ],
              },
            },
          },
        }),
      ],
    });
    const { server } = backend;
    await eventually(async () => {
      await request(server).get('/.well-known/api-catalog').expect(200);
    });
    const token = mockCredentials.user.token();
    const client = new CatalogSigningClient({
      discoveryApi: {
        getBaseUrl: async id => `http://localhost:${server.port()}/api/${id}`,
      },
    });
    return { server, client, options: { token } };
  }

  async function stop() {
    await backend?.stop();
    backend = undefined;
    disk.clear();
  }

  describe('publishing', () => {
    afterEach(stop);

    it('publishes a catalog that strict consumers verify, from first start on', async () => {
      const { server, client, options } = await start();
      const result = await client.putPublication(
        'portal',
        'orders',
        orders,
        options,
      );
      expect(result).toMatchObject({
        catalogUrl: `${baseUrl}/.well-known/api-catalog`,
        changed: true,
        publication: { name: 'orders', origin: 'api', tools: ['get_order'] },
        statement: { seq: 2, tools: 1 },
      });

      const eat = await request(server)
        .get('/.well-known/api-catalog')
        .accept('application/json')
        .buffer()
        .expect(200);
      const sidecar = await request(server)
        .get('/.well-known/api-catalog')
        .accept('application/jose+json')
        .expect(200);
      const didDocument = await request(server)
        .get('/.well-known/did.json')
        .expect(200);
      const verdict = await verifyCatalog({
        source: {
          url: `${baseUrl}/.well-known/api-catalog`,
          catalog: Buffer.from(eat.text),
          signatureHeader: eat.headers['x-jws-signature'],
          sidecar: Buffer.from(JSON.stringify(sidecar.body)),
        },
        policy: {
          profile: 'strict',
          publisher: did,
          allowLoopback: true,
          threshold: 2,
        },
        resolver: staticDidResolver({
          [did]: JSON.stringify(didDocument.body),
        }),
        now: new Date(),
      });
      expect(verdict).toMatchObject({
        status: 'verified',
        reasons: [],
        tools: [{ name: 'get_order' }],
      });
      expect(verdict.signatures.map(({ alg }) => alg).sort()).toEqual([
        'ES256',
        'RS256',
      ]);

      // The specs are served byte for byte as hashed.
      const [{ spec_url: url, spec_hash: hash }] = eat.body.tools;
      expect(url).toBe(`${baseUrl}/specs/orders/openapi.yaml`);
      const spec = await request(server)
        .get(new URL(url).pathname)
        .buffer()
        .parse((res, done) => {
          const chunks: Buffer[] = [];
          res.on('data', chunk => chunks.push(chunk));
          res.on('end', () => done(null, Buffer.concat(chunks)));
        })
        .expect(200)
        .expect('content-type', 'application/yaml');
      expect(sha256(spec.body)).toBe(hash);
    });

    it('signs so that plain jose verifies with the published JWK set', async () => {
      const { server } = await start();
      const { body: keys } = await request(server)
        .get('/.well-known/jwks.json')
        .expect(200);
      const jwks = createLocalJWKSet(keys);
      const eat = await request(server)
        .get('/api-catalog/eat.json')
        .buffer()
        .expect(200);
      const header = await compactVerify(eat.headers['x-jws-signature'], jwks, {
        algorithms: ['RS256'],
      });
      expect(header.protectedHeader).toMatchObject({ typ: 'JWS' });
      const claims = JSON.parse(Buffer.from(header.payload).toString());
      expect(claims).toMatchObject({
        iss: did,
        sub: `${baseUrl}/.well-known/api-catalog`,
        seq: 1,
        catalog_hash: sha256(Buffer.from(eat.text)),
      });
      expect(claims.exp - claims.iat).toBe(86_400);

      const { body: sidecar } = await request(server)
        .get('/api-catalog/eat.jws.json')
        .expect(200);
      const { payload } = await generalVerify(sidecar, jwks, {
        algorithms: ['ES256'],
      });
      expect(Buffer.from(payload)).toEqual(Buffer.from(header.payload));
      const linkset = await request(server).get('/api-catalog/linkset.json');
      expect(claims.linkset_hash).toBe(
        sha256(Buffer.from(canonicalize(JSON.parse(linkset.text)))),
      );
    });

    it('keeps its keys and the statement over a restart', async () => {
      const publisher = async () => {
        const { client, options } = await start();
        return client.getPublisher('portal', options);
      };
      const first = await publisher();
      expect(first.status).toBe('published');
      expect(
        first.keys.map(({ alg, state }) => `${alg} ${state}`).sort(),
      ).toEqual([
        'ES256 active',
        'ES256 published',
        'RS256 active',
        'RS256 published',
      ]);
      await backend!.stop();
      // The mock database is a new one; the key store is what stays.
      const second = await publisher();
      expect(second.keys.map(({ kid }) => kid).sort()).toEqual(
        first.keys.map(({ kid }) => kid).sort(),
      );
    });

    it('changes nothing for the same content, and signs anew for other content', async () => {
      const { client, options } = await start();
      const put = (specs: typeof orders) =>
        client.putPublication('portal', 'orders', specs, options);
      const first = await put(orders);
      const same = await put(orders);
      expect(same).toEqual({ ...first, changed: false });
      const other = await put([
        {
          path: 'openapi.yaml',
          content: openApi(['get_order', 'list_orders']),
        },
      ]);
      expect(other.statement.seq).toBe(first.statement.seq + 1);
      expect(other.publication.tools).toEqual(['get_order', 'list_orders']);
    });

    it('refuses a name that another publication has, and names both', async () => {
      const { client, options, server } = await start();
      await client.putPublication('portal', 'orders', orders, options);
      const before = await request(server).get('/api-catalog/eat.json');
      await expect(
        client.putPublication('portal', 'shop', orders, options),
      ).rejects.toMatchObject({
        statusCode: 409,
        body: {
          error: {
            code: 'NAME_COLLISION',
            problems: [
              {
                message: expect.stringMatching(/"get_order".*"shop".*"orders"/),
              },
            ],
          },
        },
      });
      const after = await request(server).get('/api-catalog/eat.json');
      expect(after.headers['x-jws-signature']).toBe(
        before.headers['x-jws-signature'],
      );
    });

    it('answers 401 without a token on every route, and 403 without the permission', async () => {
      const { server, options } = await start({ deny: true });
      const routes: ['get' | 'put' | 'delete', string][] = [
        ['get', 'publishers'],
        ['get', 'publishers/portal'],
        ['get', 'publishers/portal/log'],
        ['put', 'publishers/portal/publications/orders'],
        ['delete', 'publishers/portal/publications/orders'],
      ];
      for (const [method, path] of routes) {
        const url = `/api/catalog-signing/${path}`;
        const body = method === 'put' ? { specs: orders } : undefined;
        await request(server)
          [method](url)
          .set('authorization', mockCredentials.none.header())
          .send(body)
          .expect(401);
        await request(server)
          [method](url)
          .set('authorization', `Bearer ${options.token}`)
          .send(body)
          .expect(403);
      }
    });

    it('takes a publication out again', async () => {
      const { client, options, server } = await start();
      await client.putPublication('portal', 'orders', orders, options);
      const { statement } = await client.deletePublication(
        'portal',
        'orders',
        options,
      );
      expect(statement).toMatchObject({ seq: 3, tools: 0 });
      await request(server).get('/specs/orders/openapi.yaml').expect(404);
      await expect(
        client.deletePublication('portal', 'orders', options),
      ).rejects.toMatchObject({ statusCode: 404 });
    });

    it('follows its sources, and shows what one cannot deliver', async () => {
      let content = openApi(['echo']);
      let changed = () => {};
      const { client, options } = await start({
        sources: [
          {
            name: 'demo',
            read: async () => [{ path: 'openapi.yaml', content }],
            onChange: listener => {
              changed = listener;
            },
          },
          {
            name: 'broken',
            read: async () => {
              throw new Error('The server does not answer');
            },
          },
        ],
      });
      const publisher = (tools: string[]) =>
        eventually(async () => {
          const found = await client.getPublisher('portal', options);
          expect(found.publications).toMatchObject([
            { name: 'demo', origin: 'source', tools },
          ]);
          expect(found).toMatchObject({
            status: 'refused',
            problems: [{ message: 'The server does not answer' }],
          });
          return found;
        });
      await publisher(['echo']);
      content = openApi(['add', 'echo']);
      changed();
      await publisher(['add', 'echo']);
      await expect(
        client.putPublication('portal', 'demo', orders, options),
      ).rejects.toMatchObject({
        body: { error: { code: 'PUBLICATION_OF_SOURCE' } },
      });
    });

    it('logs keys and statements in a chain that anyone can check', async () => {
      const { client, options } = await start();
      await client.putPublication('portal', 'orders', orders, options);
      const { items } = await client.getLog('portal', {}, options);
      const entries = [...items].reverse();
      expect(entries.map(({ index }) => index)).toEqual(
        entries.map((_, position) => position + 1),
      );
      expect(entries.filter(({ kind }) => kind === 'statement')).toHaveLength(
        2,
      );
      entries.forEach(({ hash, ...entry }, position) => {
        expect(entry.prev).toBe(entries[position - 1]?.hash);
        expect(hash).toBe(
          sha256(
            Buffer.from(canonicalize({ ...entry, publisher: 'portal' } as any)),
          ),
        );
      });
      const page = await client.getLog('portal', { limit: 2 }, options);
      expect(page.items).toEqual(items.slice(0, 2));
      const next = await client.getLog(
        'portal',
        { before: page.items[1].index, limit: 2 },
        options,
      );
      expect(next.items).toEqual(items.slice(2, 4));
    });

    it('answers no private key anywhere', async () => {
      const { client, options, server } = await start();
      const answers = [
        await client.getPublisher('portal', options),
        await client.getLog('portal', {}, options),
        (await request(server).get('/.well-known/jwks.json')).body,
        (await request(server).get('/.well-known/did.json')).body,
      ];
      expect(JSON.stringify(answers)).not.toMatch(
        /"(d|p|q|dp|dq|qi)":|PRIVATE/,
      );
    });
  });

  describe('refusals', () => {
    let portal: Awaited<ReturnType<typeof start>>;

    beforeAll(async () => {
      portal = await start();
    });

    afterAll(stop);

    it.each([
      {
        case: 'a document that is no OpenAPI',
        specs: [{ path: 'openapi.yaml', content: 'just: text\n' }],
        code: /^[A-Z_]+$/,
      },
      {
        case: 'an operation without the address of its server',
        specs: [
          {
            path: 'openapi.yaml',
            content: openApi(['get_order']).replace(/server_url: .*/, 'a: 1'),
          },
        ],
        code: /^MISSING_REQUIRED_FIELD$/,
      },
      {
        case: 'documents without a tool',
        specs: [{ path: 'openapi.yaml', content: openApi([]) }],
        code: /^NO_TOOLS$/,
      },
      {
        case: 'a path that climbs',
        specs: [{ path: '../openapi.yaml', content: openApi(['get_order']) }],
        code: /^INVALID_PATH$/,
      },
      {
        case: 'an absolute path',
        specs: [{ path: '/etc/openapi.yaml', content: openApi(['get_order']) }],
        code: /^INVALID_PATH$/,
      },
      {
        case: 'two documents of one path',
        specs: [...orders, ...orders],
        code: /^DUPLICATE_PATH$/,
      },
      {
        case: 'a document beyond 2 MiB',
        specs: [{ path: 'a.yaml', content: 'x'.repeat(2 * 1024 * 1024 + 1) }],
        code: /^TOO_LARGE$/,
      },
    ])('refuses $case and publishes nothing of it', async ({ specs, code }) => {
      const { client, options, server } = portal;
      await expect(
        client.putPublication('portal', 'orders', specs, options),
      ).rejects.toMatchObject({
        statusCode: 400,
        body: {
          error: {
            code: expect.stringMatching(code),
            problems: expect.arrayContaining([
              expect.objectContaining({ message: expect.any(String) }),
            ]),
          },
        },
      });
      const { body } = await request(server).get('/api-catalog/eat.json');
      expect(body.tools).toEqual([]);
    });

    it.each([
      {
        case: 'a bad name',
        path: 'publishers/portal/publications/Bad',
        status: 400,
      },
      {
        case: 'an unknown publisher',
        path: 'publishers/none/publications/orders',
        status: 404,
      },
    ])('refuses $case', async ({ path, status }) => {
      const { server, options } = portal;
      await request(server)
        .put(`/api/catalog-signing/${path}`)
        .set('authorization', `Bearer ${options.token}`)
        .send({ specs: orders })
        .expect(status);
    });

    it('refuses a body beyond its bound', async () => {
      const { server, options } = portal;
      await request(server)
        .put('/api/catalog-signing/publishers/portal/publications/orders')
        .set('authorization', `Bearer ${options.token}`)
        .send({
          specs: [{ path: 'a.yaml', content: 'x'.repeat(13 * 1024 ** 2) }],
        })
        .expect(413);
    });
  });
});
