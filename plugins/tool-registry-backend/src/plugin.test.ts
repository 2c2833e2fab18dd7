import {
  mockCredentials,
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { JsonObject } from '@backstage/types';
import request from 'supertest';
import {
  isMcpTool,
  isToolCatalog,
  type Catalog,
} from '@agentyard/plugin-tool-registry-common';
import toolRegistryPlugin from './index';
import { spec as generatedSpec } from './schema/openapi/generated';
import { startMcpServer } from './__testUtils__/mcpServer';
import { openApiDocument, problemsOfAnswer } from './__testUtils__/openApi';
import { Publisher, type PublishedTool } from './__testUtils__/publisher';

jest.setTimeout(60_000);

const service = {
  authorization: mockCredentials.service.header({
    onBehalfOf: mockCredentials.service('plugin:catalog'),
    targetPluginId: 'tool-registry',
  }),
};

describe('tool registry', () => {
  let publisher: Publisher;
  let mcp: Awaited<ReturnType<typeof startMcpServer>>;
  let backend: TestBackend | undefined;
  let tools: PublishedTool[];
  const tasks = new Map<string, (signal: AbortSignal) => unknown>();
  const succeed = jest.fn(async () => {});
  const createEvent = jest.fn(async () => ({
    success: succeed,
    fail: async () => {},
  }));
  const actions = new Map<string, (context: any) => Promise<any>>();
  const publishedEvents: unknown[] = [];

  beforeEach(async () => {
    publisher = await Publisher.start();
    mcp = await startMcpServer({
      name: 'orders',
      tools: ['get_order', 'refund_order'],
    });
    tools = [
      {
        name: 'get_order',
        description: 'Read one order',
        serverUrl: mcp.url,
        capabilities: ['orders', 'read-only'],
      },
      { name: 'cancel_order', serverUrl: mcp.url },
    ];
  });

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    await publisher.stop();
    await mcp.stop();
  });

  async function start(
    options: {
      sources?: JsonObject;
      registry?: JsonObject;
      allowLoopback?: boolean;
      entities?: Entity[];
      decide?: (
        permission: string,
      ) => AuthorizeResult.ALLOW | AuthorizeResult.DENY;
    } = {},
  ) {
    backend = await startTestBackend({
      features: [
        toolRegistryPlugin,
        catalogServiceMock.factory({ entities: options.entities ?? [] }),
        mockServices.auditor.mock({ createEvent }).factory,
        actionsRegistryServiceMock.mock({
          register: action => {
            actions.set(action.name, action.action as any);
          },
        }).factory,
        mockServices.events.mock({
          publish: async event => {
            publishedEvents.push(event);
          },
        }).factory,
        // The test says when the schedule's time has come.
        mockServices.scheduler.mock({
          scheduleTask: async task => {
            tasks.set(task.id, task.fn as (signal: AbortSignal) => unknown);
          },
        }).factory,
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result:
                options.decide?.(permission.name) ?? AuthorizeResult.ALLOW,
            })),
        }).factory,
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:0' },
            agentyard: {
              fetch: { allowLoopback: options.allowLoopback ?? true },
              registry: {
                sources: options.sources ?? {
                  orders: {
                    type: 'eat-catalog',
                    url: publisher.url,
                    publisher: publisher.did,
                    owner: 'sales',
                  },
                },
                ...options.registry,
              },
            },
          },
        }),
      ],
    });
    await run('tool-registry-sync-sources');
  }

  async function run(task: string) {
    await tasks.get(task)!(new AbortController().signal);
  }

  const get = (path: string) =>
    request(backend!.server).get(`/api/tool-registry${path}`);
  const refresh = (id: string) =>
    request(backend!.server).post(`/api/tool-registry/sources/${id}/refresh`);
  const catalog = async (id: string): Promise<Catalog> =>
    (await get(`/catalogs/${id}`).expect(200)).body;
  const entities = async (): Promise<Entity[]> =>
    (await get('/entities').set(service).expect(200)).body.items;

  it('brings a verified catalog, its tools, its server and their entities', async () => {
    await publisher.publish(tools);
    await start();

    await run('tool-registry-read-catalogs');
    await run('tool-registry-probe-servers');

    const { body: catalogs } = await get('/catalogs').expect(200);
    expect(catalogs).toEqual({
      items: [
        expect.objectContaining({
          id: 'orders',
          name: 'orders',
          title: 'Tools of Café Orion',
          url: publisher.url,
          owner: 'group:default/sales',
          verdict: expect.objectContaining({ status: 'verified', reasons: [] }),
          snapshot: expect.objectContaining({
            seq: 1,
            toolCount: 2,
            signature: expect.objectContaining({
              issuer: publisher.did,
              algorithm: 'RS256',
            }),
          }),
        }),
      ],
    });
    const { body: tool } = await get('/tools/orders:get_order').expect(200);
    expect(tool).toMatchObject({
      id: 'orders:get_order',
      entityRef: 'api:default/orders.get_order',
      catalog: { id: 'orders', verdict: 'verified' },
      server: { title: 'orders', url: mcp.url, health: 'degraded' },
      live: 'listed',
      liveTool: {
        title: 'The tool get_order',
        inputSchema: {
          properties: { orderId: { type: 'string' } },
          required: ['orderId'],
        },
        outputSchema: { properties: { state: { type: 'string' } } },
        annotations: { readOnlyHint: true },
      },
    });
    expect(
      (await entities()).map(({ kind, metadata, spec }) => ({
        ref: `${kind}:${metadata.name}`,
        type: spec?.type,
        owner: spec?.owner,
      })),
    ).toEqual([
      {
        ref: 'Resource:orders',
        type: 'tool-catalog',
        owner: 'group:default/sales',
      },
      {
        ref: expect.stringMatching(/^API:localhost-\d+-mcp-[0-9a-f]{8}$/),
        type: 'mcp-server',
        owner: 'group:default/sales',
      },
      {
        ref: 'API:orders.cancel_order',
        type: 'mcp-tool',
        owner: 'group:default/sales',
      },
      {
        ref: 'API:orders.get_order',
        type: 'mcp-tool',
        owner: 'group:default/sales',
      },
    ]);
  });

  it('says what changed since the last snapshot', async () => {
    await publisher.publish(tools);
    await start();
    await refresh('orders');

    await publisher.publish([
      { ...tools[0], description: 'Read one order, and refund it' },
    ]);
    await refresh('orders').expect(200);

    const { changes, verdict } = await catalog('orders');
    expect(verdict.status).toBe('verified');
    expect(changes[0].tools).toEqual([
      expect.objectContaining({ name: 'cancel_order', kind: 'removed' }),
      expect.objectContaining({
        name: 'get_order',
        kind: 'changed',
        code: 'DEFINITION_CHANGED',
      }),
    ]);
  });

  it('shows where the live tools differ from the signed ones', async () => {
    await publisher.publish(tools);
    await start();
    await run('tool-registry-read-catalogs');
    await run('tool-registry-probe-servers');

    const { body: servers } = await get('/servers').expect(200);

    expect(servers.items).toEqual([
      expect.objectContaining({
        title: 'orders',
        catalogIds: ['orders'],
        catalogToolCount: 2,
        liveToolCount: 2,
        health: expect.objectContaining({
          state: 'degraded',
          reason: expect.objectContaining({ code: 'TOOLS_MISSING' }),
        }),
        drift: { missing: ['cancel_order'], unsigned: ['refund_order'] },
      }),
    ]);
  });

  describe('refuses, says why, and keeps what was good:', () => {
    const cases: Array<
      [string, string, string, (publisher: Publisher) => unknown]
    > = [
      [
        'a catalog that was changed after signing',
        'refused',
        'HASH_MISMATCH',
        p =>
          p.misbehave((response, signed, accept) =>
            accept.includes('jose')
              ? response
                  .writeHead(200, { 'content-type': 'application/jose+json' })
                  .end(JSON.stringify(signed.general))
              : response
                  .writeHead(200, { 'content-type': 'application/json' })
                  .end(
                    Buffer.from(signed.catalogBytes)
                      .toString()
                      .replace('Read one order', 'Send all money'),
                  ),
          ),
      ],
      [
        'a broken signature',
        'refused',
        'BAD_SIGNATURE',
        p =>
          p.misbehave((response, signed, accept) => {
            const [{ protected: header, signature }] =
              signed.general.signatures;
            const broken = `${signature.slice(0, 100)}${
              signature[100] === 'A' ? 'B' : 'A'
            }${signature.slice(101)}`;
            return accept.includes('jose')
              ? response
                  .writeHead(200, { 'content-type': 'application/jose+json' })
                  .end(
                    JSON.stringify({
                      ...signed.general,
                      signatures: [{ protected: header, signature: broken }],
                    }),
                  )
              : response
                  .writeHead(200, { 'content-type': 'application/json' })
                  .end(signed.catalogBytes);
          }),
      ],
      [
        'a signature by a stranger’s key',
        'refused',
        'KEY_NOT_FOUND',
        p => p.publish([], { byStranger: true }),
      ],
      [
        'another issuer',
        'refused',
        'ISSUER_UNTRUSTED',
        p => p.publish([], { issuer: 'did:web:evil.example.org' }),
      ],
      [
        'an expired statement',
        'refused',
        'EXPIRED',
        p => p.publish([], { issuedAt: new Date(Date.now() - 3 * 86_400_000) }),
      ],
      [
        'an older statement, played again',
        'refused',
        'ROLLBACK',
        p => p.publish([], { seq: 1 }),
      ],
      [
        'duplicate keys',
        'refused',
        'DUPLICATE_KEY',
        p =>
          p.misbehave((response, signed, accept) =>
            accept.includes('jose')
              ? response
                  .writeHead(200, { 'content-type': 'application/jose+json' })
                  .end(JSON.stringify(signed.general))
              : response
                  .writeHead(200, { 'content-type': 'application/json' })
                  .end('{"version":"1.0","tools":[],"tools":[]}'),
          ),
      ],
      [
        'a body of 20 MB',
        'refused',
        'TOO_LARGE',
        p =>
          p.misbehave(response =>
            response
              .writeHead(200, { 'content-type': 'application/json' })
              .end(Buffer.alloc(20 * 1024 * 1024, ' ')),
          ),
      ],
      [
        'a redirect',
        'refused',
        'REDIRECT_REFUSED',
        p =>
          p.misbehave(response =>
            response
              .writeHead(302, { location: 'https://evil.example.org/' })
              .end(),
          ),
      ],
      [
        'an answer of 503',
        'unreachable',
        'HTTP_STATUS',
        p => p.misbehave(response => response.writeHead(503).end()),
      ],
      [
        'no answer',
        'unreachable',
        'UNREACHABLE',
        p => p.misbehave(response => response.destroy()),
      ],
    ];

    it.each(cases)('%s is %s, %s', async (_, status, code, misdeed) => {
      await publisher.publish(tools, { seq: 7 });
      await start();
      await refresh('orders');
      const before = await entities();
      expect(before).toHaveLength(4);
      publishedEvents.length = 0;

      await misdeed(publisher);
      const { body: source } = await refresh('orders').expect(200);

      expect(source.lastFetch).toMatchObject({
        outcome: 'failed',
        reason: { code },
        lastSuccessAt: expect.any(String),
      });
      const { body } = await get('/catalogs').expect(200);
      expect(body.items[0]).toMatchObject({
        name: 'orders',
        url: publisher.url,
        verdict: {
          status,
          reasons: [{ code, message: expect.stringMatching(/\w+ \w+/) }],
        },
        snapshot: { seq: 7, verdict: 'verified' },
      });
      expect(await entities()).toEqual(before);
      expect(publishedEvents).not.toContainEqual(
        expect.objectContaining({ topic: 'agentyard.tool-registry.changed' }),
      );
    });

    it.each([
      ['a private address', 'https://10.0.0.1/.well-known/api-catalog'],
      ['the cloud’s metadata', 'https://169.254.169.254/latest/meta-data'],
      ['a private address in other clothes', 'https://0x0a000001/'],
      ['loopback in production', 'https://127.0.0.1/'],
    ])('%s as a source', async (_, url) => {
      await start({
        sources: {
          inside: {
            type: 'eat-catalog',
            url,
            publisher: 'did:web:tools.example.org',
          },
        },
        allowLoopback: false,
      });
      await run('tool-registry-read-catalogs');

      const { verdict, snapshot } = await catalog('inside');
      expect(verdict).toMatchObject({
        status: 'refused',
        reasons: [{ code: 'SSRF_BLOCKED' }],
      });
      expect(snapshot).toBeUndefined();
      expect(await entities()).toEqual([]);
    });
  });

  describe('an unsigned catalog', () => {
    const unsigned = (p: Publisher) =>
      p.misbehave((response, signed) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(signed.catalogBytes),
      );
    const source = () => ({
      type: 'eat-catalog',
      url: publisher.url,
      publisher: publisher.did,
    });

    it('does not enter in enforce mode', async () => {
      await publisher.publish(tools);
      unsigned(publisher);
      await start({ sources: { orders: source() } });
      await refresh('orders');

      expect((await catalog('orders')).verdict).toMatchObject({
        status: 'unverified',
        reasons: [{ code: 'UNSIGNED' }],
      });
      expect(await entities()).toEqual([]);
    });

    it('enters in audit mode, with its verdict shown', async () => {
      await publisher.publish(tools);
      unsigned(publisher);
      await start({ sources: { orders: { ...source(), mode: 'audit' } } });
      await refresh('orders');

      const { verdict, snapshot } = await catalog('orders');
      expect(verdict.reasons).toMatchObject([{ code: 'UNSIGNED' }]);
      expect(snapshot).toMatchObject({ verdict: 'unverified', toolCount: 2 });
      const tool = (await entities()).find(isMcpTool);
      expect(tool?.metadata.annotations?.['agentyard.dev/verdict']).toBe(
        'unverified',
      );
    });
  });

  it('follows hand-written entities, and not those that it brought itself', async () => {
    await publisher.publish(tools);
    const entity = (kind: string, name: string, spec: JsonObject): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name, namespace: 'default' },
      spec: { owner: 'sales', ...spec },
    });
    const own = entity('Resource', 'own', {
      type: 'tool-catalog',
      url: publisher.url,
    });
    own.metadata.annotations = {
      'backstage.io/managed-by-origin-location': 'tool-registry:entities',
    };
    await start({
      sources: {},
      entities: [
        entity('Resource', 'orders', {
          type: 'tool-catalog',
          url: publisher.url,
          publisher: publisher.did,
        }),
        entity('API', 'orders-mcp', {
          type: 'mcp-server',
          remotes: [{ type: 'streamable-http', url: mcp.url }],
        }),
        entity('Resource', 'broken', { type: 'tool-catalog', url: 'orders' }),
        own,
      ],
    });
    await run('tool-registry-read-catalogs');

    const { body: sources } = await get('/sources').expect(200);
    expect(sources.items).toMatchObject([
      {
        id: 'catalog.api.default.orders-mcp',
        type: 'mcp-server',
        owner: 'group:default/sales',
        origin: { provider: 'catalog', entityRef: 'api:default/orders-mcp' },
      },
      {
        id: 'catalog.resource.default.orders',
        mode: 'enforce',
        profile: 'strict',
        lastFetch: { outcome: 'succeeded' },
      },
    ]);
    // The hand-written ones stand; only the tools come from here, and point to them.
    const provided = await entities();
    expect(provided.map(({ metadata }) => metadata.name)).toEqual([
      'orders.cancel_order',
      'orders.get_order',
    ]);
    expect(provided[0].spec).toMatchObject({
      server: 'api:default/orders-mcp',
      catalog: 'resource:default/orders',
    });
    expect(provided.some(isToolCatalog)).toBe(false);
  });

  it('answers as openapi.yaml says', async () => {
    await publisher.publish(tools);
    await start();
    await run('tool-registry-read-catalogs');
    await run('tool-registry-probe-servers');
    const serverId = (await get('/servers')).body.items[0].id;

    for (const [route, path] of [
      ['/catalogs', '/catalogs'],
      ['/catalogs/{id}', '/catalogs/orders'],
      ['/servers', '/servers'],
      ['/servers/{id}', `/servers/${serverId}`],
      ['/tools', '/tools?limit=1'],
      ['/tools/{id}', '/tools/orders:get_order'],
      ['/sources', '/sources'],
    ]) {
      const { body } = await get(path).expect(200);
      expect([path, problemsOfAnswer(route, 'get', body)]).toEqual([path, []]);
    }
    const { body: refreshed } = await refresh('orders').expect(200);
    expect(
      problemsOfAnswer('/sources/{id}/refresh', 'post', refreshed),
    ).toEqual([]);
    expect(
      problemsOfAnswer('/entities', 'get', { items: await entities() }),
    ).toEqual([]);
    expect(JSON.parse(JSON.stringify(generatedSpec))).toEqual(openApiDocument);
  });

  it('lists tools by filter and in pages', async () => {
    await publisher.publish(tools);
    await start();
    await refresh('orders');
    const names = async (query: string) =>
      (await get(`/tools?${query}`).expect(200)).body.items.map(
        (tool: { name: string }) => tool.name,
      );

    expect(await names('')).toEqual(['cancel_order', 'get_order']);
    expect(await names('query=READ%20one')).toEqual(['get_order']);
    expect(await names('capability=orders')).toEqual(['get_order']);
    expect(
      await names(`owner=${encodeURIComponent('group:default/sales')}`),
    ).toHaveLength(2);
    expect(
      await names(`owner=${encodeURIComponent('group:default/others')}`),
    ).toEqual([]);
    expect(await names('verdict=verified')).toHaveLength(2);
    expect(await names('verdict=refused')).toEqual([]);
    expect(await names('health=unknown')).toHaveLength(2);
    expect(await names('health=healthy')).toEqual([]);
    expect(await names('catalogId=other')).toEqual([]);

    const { body: first } = await get('/tools?limit=1').expect(200);
    expect(first).toMatchObject({ totalItems: 2 });
    expect(await names(`limit=1&cursor=${first.nextCursor}`)).toEqual([
      'get_order',
    ]);
    await get('/tools?limit=0').expect(400);
    await get('/tools?health=splendid').expect(400);
    await get('/tools?cursor=abc').expect(400);
  });

  describe('lets in', () => {
    beforeEach(() => publisher.publish(tools));

    it('nobody without a token', async () => {
      await start();
      const none = { authorization: mockCredentials.none.header() };

      for (const path of [
        '/catalogs',
        '/catalogs/orders',
        '/servers',
        '/servers/x',
        '/tools',
        '/tools/x',
        '/sources',
        '/entities',
      ]) {
        expect([path, (await get(path).set(none)).status]).toEqual([path, 401]);
      }
      expect((await refresh('orders').set(none)).status).toBe(401);
    });

    it('services alone to the entities', async () => {
      await start();

      expect((await get('/entities')).status).toBe(403);
      expect((await get('/entities').set(service)).status).toBe(200);
    });

    it('readers to everything but a refresh', async () => {
      await start({
        decide: permission =>
          permission === 'tool-registry.catalog.read'
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
      });

      await get('/catalogs').expect(200);
      const { body } = await refresh('orders').expect(403);
      expect(body.error.message).toContain('tool-registry.source.refresh');
    });

    it('nobody else to anything', async () => {
      await start({ decide: () => AuthorizeResult.DENY });

      for (const path of [
        '/catalogs',
        '/catalogs/orders',
        '/servers',
        '/servers/x',
        '/tools',
        '/tools/x',
        '/sources',
      ]) {
        expect([path, (await get(path)).status]).toEqual([path, 403]);
      }
    });
  });

  it('records who asked for a refresh', async () => {
    await publisher.publish(tools);
    await start();

    await refresh('orders').expect(200);

    expect(createEvent).toHaveBeenLastCalledWith(
      expect.objectContaining({
        eventId: 'source-refresh',
        severityLevel: 'medium',
        meta: { sourceId: 'orders' },
      }),
    );
    expect(succeed).toHaveBeenLastCalledWith({
      meta: { outcome: 'succeeded' },
    });
  });

  it('says so when there is no such thing', async () => {
    await publisher.publish(tools);
    await start();

    for (const path of [
      '/catalogs/x',
      '/servers/x',
      '/tools/x',
      '/tools/x:y',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    expect((await refresh('x')).status).toBe(404);
  });

  it('lets agents find and read tools', async () => {
    await publisher.publish(tools);
    await start();
    await refresh('orders');
    const invoke = async (name: string, input: object) =>
      (await actions.get(name)!({ input })).output;

    const { items } = await invoke('list-tools', { query: 'one order' });
    expect(items).toMatchObject([{ id: 'orders:get_order' }]);
    expect(await invoke('get-tool', { id: items[0].id })).toMatchObject({
      name: 'get_order',
      definition: { name: 'get_order' },
    });
    expect(await invoke('list-catalogs', {})).toMatchObject({
      items: [{ id: 'orders', verdict: { status: 'verified' } }],
    });
  });

  it.each([
    ['an unknown type', { type: 'ftp', url: 'https://a.example.org' }, /type/],
    ['a bad URL', { type: 'mcp-server', url: 'nowhere' }, /url/],
    [
      'credentials in a URL',
      { type: 'mcp-server', url: 'https://me:secret@a.example.org' },
      /credentials/,
    ],
    [
      'an owner that cannot own',
      { type: 'mcp-server', url: 'https://a.example.org', owner: 'api:x' },
      /owner/,
    ],
    [
      'a publisher that is no DID',
      { type: 'eat-catalog', url: 'https://a.example.org', publisher: 'me' },
      /publisher/,
    ],
    [
      'a mode that there is not',
      { type: 'eat-catalog', url: 'https://a.example.org', mode: 'off' },
      /mode/,
    ],
  ])('does not start with %s in the configuration', async (_, source, said) => {
    await expect(
      start({ sources: { bad: source as JsonObject } }),
    ).rejects.toThrow(said);
  });
});
