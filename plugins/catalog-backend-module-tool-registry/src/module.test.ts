import {
  createBackendPlugin,
  coreServices,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import aiModelModule from '@backstage/plugin-catalog-backend-module-ai-model';
import {
  catalogServiceRef,
  type CatalogService,
} from '@backstage/plugin-catalog-node';
import {
  eventsServiceFactory,
  eventsServiceRef,
  type EventsService,
} from '@backstage/plugin-events-node';
import Router from 'express-promise-router';
import { TOOL_REGISTRY_CHANGED_TOPIC } from '@agentyard/plugin-tool-registry-common';
import toolRegistryModule from './index';

jest.setTimeout(60_000);

const server: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name: 'orders-mcp', title: 'Orders' },
  spec: {
    type: 'mcp-server',
    lifecycle: 'production',
    owner: 'group:default/sales',
    remotes: [
      { type: 'streamable-http', url: 'https://mcp.example.org/orders/mcp' },
    ],
  },
};
const catalog: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'orders',
    annotations: { 'agentyard.dev/verdict': 'verified' },
  },
  spec: {
    type: 'tool-catalog',
    owner: 'group:default/sales',
    url: 'https://tools.example.org/.well-known/api-catalog',
    publisher: 'did:web:tools.example.org',
  },
};
const tool: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: { name: 'orders.get_order', title: 'get_order' },
  spec: {
    type: 'mcp-tool',
    lifecycle: 'production',
    owner: 'group:default/sales',
    server: 'api:default/orders-mcp',
    catalog: 'resource:default/orders',
    definition: '{"name":"get_order"}',
  },
};

/** A registry that answers what the test says, in place of the real one. */
function registryAnswering(answer: () => Entity[]) {
  const asked: string[] = [];
  const feature = createBackendPlugin({
    pluginId: 'tool-registry',
    register(env) {
      env.registerInit({
        deps: {
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
        },
        async init({ httpAuth, httpRouter }) {
          const router = Router();
          router.get('/entities', async (request, response) => {
            const { principal } = await httpAuth.credentials(request, {
              allow: ['service'],
            });
            asked.push(principal.subject);
            response.json({ items: answer() });
          });
          httpRouter.use(router);
        },
      });
    },
  });
  return { asked, feature };
}

async function startCatalog(options: {
  answer: () => Entity[];
  withAiModel?: boolean;
}) {
  const registry = registryAnswering(options.answer);
  let catalogService!: CatalogService;
  let events!: EventsService;
  const backend = await startTestBackend({
    features: [
      catalogPlugin,
      toolRegistryModule,
      ...(options.withAiModel ? [aiModelModule] : []),
      registry.feature,
      // The test backend's own keeps events to itself.
      eventsServiceFactory,
      createBackendPlugin({
        pluginId: 'observer',
        register(env) {
          env.registerInit({
            deps: { catalog: catalogServiceRef, events: eventsServiceRef },
            async init(deps) {
              catalogService = deps.catalog;
              events = deps.events;
            },
          });
        },
      }),
      mockServices.rootConfig.factory({
        data: {
          backend: {
            baseUrl: 'http://localhost:0',
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          events: { useEventBus: 'never' },
          catalog: { processingInterval: { seconds: 1 } },
        },
      }),
    ],
  });
  const credentials = await mockServices.auth().getOwnServiceCredentials();
  return {
    registry,
    backend,
    changed: () =>
      events.publish({
        topic: TOOL_REGISTRY_CHANGED_TOPIC,
        eventPayload: { sourceIds: ['orders'], serverIds: [] },
      }),
    entity: (ref: string) =>
      catalogService.getEntityByRef(ref, { credentials }),
    refs: async () =>
      (await catalogService.getEntities({}, { credentials })).items
        .map(({ kind, metadata }) => `${kind}:${metadata.name}`)
        .sort(),
  };
}

async function eventually(check: () => Promise<void>) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }
}

describe('catalog module tool-registry', () => {
  it.each([
    ['without upstream’s module', false],
    ['beside upstream’s module', true],
  ])(
    'brings servers, tools and catalogs with their relations, %s',
    async (_, withAiModel) => {
      const { entity, registry, backend } = await startCatalog({
        answer: () => [server, catalog, tool],
        withAiModel,
      });

      await eventually(async () => {
        const relationsOf = async (ref: string) =>
          (await entity(ref))?.relations
            ?.map(({ type, targetRef }) => `${type} ${targetRef}`)
            .sort();
        expect(await relationsOf('api:default/orders.get_order')).toEqual([
          'listedIn resource:default/orders',
          'ownedBy group:default/sales',
          'partOf api:default/orders-mcp',
        ]);
        expect(await relationsOf('api:default/orders-mcp')).toEqual([
          'hasPart api:default/orders.get_order',
          'ownedBy group:default/sales',
        ]);
        expect(await relationsOf('resource:default/orders')).toEqual([
          'listsTool api:default/orders.get_order',
          'ownedBy group:default/sales',
        ]);
      });
      expect((await entity('resource:default/orders'))?.metadata).toMatchObject(
        {
          annotations: {
            'agentyard.dev/verdict': 'verified',
            'backstage.io/managed-by-origin-location': 'tool-registry:entities',
          },
        },
      );
      expect(registry.asked).toContain('plugin:catalog');
      await backend.stop();
    },
  );

  it('follows the registry at once when it says that something changed', async () => {
    let answer = [server, catalog, tool];
    const { refs, changed, backend } = await startCatalog({
      answer: () => answer,
    });
    await eventually(async () => expect(await refs()).toHaveLength(3));

    answer = [server];
    await changed();

    await eventually(async () =>
      expect(await refs()).toEqual(['API:orders-mcp']),
    );
    await backend.stop();
  });

  it('changes nothing when the registry fails', async () => {
    let broken = false;
    const { refs, changed, backend, registry } = await startCatalog({
      answer: () => {
        if (broken) throw new Error('no database');
        return [server, catalog, tool];
      },
    });
    await eventually(async () => expect(await refs()).toHaveLength(3));

    broken = true;
    const before = registry.asked.length;
    await changed();

    await eventually(async () =>
      expect(registry.asked.length).toBeGreaterThan(before),
    );
    expect(await refs()).toHaveLength(3);
    await backend.stop();
  });

  it('leaves out what the registry has no business to bring', async () => {
    const intruder: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'root' },
      spec: { memberOf: ['admins'] },
    };
    const { refs, backend } = await startCatalog({
      answer: () => [intruder, server],
    });

    await eventually(async () =>
      expect(await refs()).toEqual(['API:orders-mcp']),
    );
    await backend.stop();
  });

  it.each([
    ['a tool without server', { ...tool.spec, server: undefined }],
    ['a tool without definition', { ...tool.spec, definition: '' }],
    ['a catalog without address', { ...catalog.spec, url: undefined }],
    [
      'a catalog with credentials in its address',
      { ...catalog.spec, url: 'https://me:secret@tools.example.org/' },
    ],
  ])('refuses %s, and takes the rest', async (_, badSpec) => {
    const spec: Entity['spec'] = JSON.parse(JSON.stringify(badSpec));
    const bad = {
      ...(spec!.type === 'mcp-tool' ? tool : catalog),
      metadata: { name: 'bad' },
      spec,
    };
    const { refs, backend } = await startCatalog({
      answer: () => [bad, server, catalog, tool],
    });

    await eventually(async () => expect(await refs()).toHaveLength(3));
    expect(await refs()).not.toContainEqual(expect.stringContaining('bad'));
    await backend.stop();
  });
});
