import { testDatabases } from '../__testUtils__/databases';
import { acceptedCatalog, catalogSource } from '../__testUtils__/samples';
import { CatalogStore, type AcceptedCatalog } from './CatalogStore';
import { SourceStore } from './SourceStore';

jest.setTimeout(60_000);

const databases = testDatabases();
const T0 = '2026-09-01T08:00:00.000Z';
const T1 = '2026-09-01T08:05:00.000Z';

describe.each(databases.ids)('CatalogStore on %s', id => {
  async function setUp() {
    const knex = await databases.migrated(id);
    const sources = new SourceStore(knex);
    await sources.reconcile(
      'config',
      [catalogSource('orders'), catalogSource('stock')],
      T0,
    );
    const catalogs = new CatalogStore(knex);
    const accept = (sourceId: string, catalog: AcceptedCatalog, at: string) =>
      catalogs.transaction(tx => catalogs.accept(tx, sourceId, catalog, at));
    return { catalogs, accept };
  }

  it('records what each snapshot changed', async () => {
    const { catalogs, accept } = await setUp();
    const first = acceptedCatalog('orders', [
      { name: 'get_order', description: 'Read one order' },
      { name: 'list_orders' },
    ]);
    const second = acceptedCatalog(
      'orders',
      [
        { name: 'get_order', description: 'Read one order, and send it away' },
        { name: 'cancel_order' },
      ],
      { seq: 2 },
    );

    await accept('orders', first, T0);
    await accept('orders', second, T1);

    const digestOf = (catalog: AcceptedCatalog, name: string) =>
      catalog.tools.find(tool => tool.name === name)!.digest;
    expect(await catalogs.listChanges('orders', 10)).toEqual([
      {
        at: T1,
        digest: second.digest,
        previousDigest: first.digest,
        tools: [
          {
            name: 'cancel_order',
            kind: 'added',
            to: digestOf(second, 'cancel_order'),
          },
          {
            name: 'get_order',
            kind: 'changed',
            code: 'DEFINITION_CHANGED',
            from: digestOf(first, 'get_order'),
            to: digestOf(second, 'get_order'),
          },
          {
            name: 'list_orders',
            kind: 'removed',
            from: digestOf(first, 'list_orders'),
          },
        ],
      },
      expect.objectContaining({ at: T0, digest: first.digest }),
    ]);
    expect(await catalogs.list()).toMatchObject([
      { sourceId: 'orders', seq: 2, toolCount: 2, acceptedAt: T1 },
    ]);
  });

  it('confirms what it knows when only the statement is new', async () => {
    const { catalogs, accept } = await setUp();
    const catalog = acceptedCatalog('orders', [{ name: 'get_order' }]);

    expect(await accept('orders', catalog, T0)).toHaveLength(1);
    expect(await accept('orders', { ...catalog, seq: 2 }, T1)).toBeUndefined();

    expect(await catalogs.list()).toMatchObject([
      { seq: 2, acceptedAt: T0, confirmedAt: T1 },
    ]);
    expect(await catalogs.listChanges('orders', 10)).toHaveLength(1);
  });

  it('sees that the same catalog brings a tool that was left out before', async () => {
    const { catalogs, accept } = await setUp();
    const whole = acceptedCatalog('orders', [
      { name: 'get_order' },
      { name: 'list_orders' },
    ]);

    await accept('orders', { ...whole, tools: whole.tools.slice(0, 1) }, T0);
    const changes = await accept('orders', whole, T1);

    expect(changes).toMatchObject([{ name: 'list_orders', kind: 'added' }]);
    expect(await catalogs.countTools({})).toBe(2);
  });

  it('remembers since when a tool is there and is as it is', async () => {
    const { catalogs, accept } = await setUp();
    await accept(
      'orders',
      acceptedCatalog('orders', [{ name: 'same' }, { name: 'altered' }]),
      T0,
    );
    await accept(
      'orders',
      acceptedCatalog('orders', [
        { name: 'same' },
        { name: 'altered', description: 'now with one' },
      ]),
      T1,
    );

    expect(await catalogs.getTool('orders', 'same')).toMatchObject({
      firstSeenAt: T0,
      changedAt: T0,
    });
    expect(await catalogs.getTool('orders', 'altered')).toMatchObject({
      firstSeenAt: T0,
      changedAt: T1,
    });
  });

  it('gives each tool an entity name of its own and keeps it', async () => {
    const { catalogs, accept } = await setUp();
    const colliding = [
      { name: 'getOrder', entityName: 'shared.getOrder' },
      { name: 'getorder', entityName: 'shared.getorder' },
    ];
    await accept('orders', acceptedCatalog('orders', colliding), T0);
    await accept('stock', acceptedCatalog('stock', [colliding[1]]), T0);

    const namesOf = async (sourceId: string) =>
      (await catalogs.listTools({ sourceIds: [sourceId] }))
        .map(tool => tool.entityName)
        .sort();
    expect(await namesOf('orders')).toEqual([
      'shared.getOrder',
      'shared.getorder-orders',
    ]);
    expect(await namesOf('stock')).toEqual(['shared.getorder-stock']);

    // The first one goes; the others are what they were.
    await accept('orders', acceptedCatalog('orders', [colliding[1]]), T1);
    expect(await namesOf('orders')).toEqual(['shared.getorder-orders']);
  });

  describe('lists tools', () => {
    async function withTools() {
      const { catalogs, accept } = await setUp();
      await accept(
        'orders',
        acceptedCatalog('orders', [
          {
            name: 'get_order',
            description: 'Read one ORDER',
            capabilities: ['orders', 'read-only'],
          },
          { name: 'cancel_order', capabilities: ['orders'] },
          { name: 'discount', description: 'Up to 100% off' },
        ]),
        T0,
      );
      await accept(
        'stock',
        acceptedCatalog('stock', [
          { name: 'discount', serverUrl: 'https://mcp.example.org/stock' },
        ]),
        T0,
      );
      return catalogs;
    }

    it.each([
      ['a word of the description in any case', ['order', 'READ'], 1],
      ['a word of the name', ['cancel'], 1],
      ['a word of the capabilities', ['read-only'], 1],
      ['a wildcard, which is none', ['%'], 1],
      ['another wildcard, which is none', ['get_order'], 1],
      ['a wildcard in a place where it is none', ['getXorder'], 0],
      ['the escape character', ['!'], 0],
      ['words that no tool has together', ['cancel', 'read'], 0],
    ])('by %s', async (_, words, count) => {
      const catalogs = await withTools();

      expect(await catalogs.listTools({ words })).toHaveLength(count);
      expect(await catalogs.countTools({ words })).toBe(count);
    });

    it('by exact capability', async () => {
      const catalogs = await withTools();

      expect(
        (await catalogs.listTools({ capability: 'orders' })).map(t => t.name),
      ).toEqual(['cancel_order', 'get_order']);
      expect(await catalogs.listTools({ capability: 'order' })).toEqual([]);
      expect(await catalogs.listTools({ capability: 'ORDERS' })).toEqual([]);
    });

    it('in pages that neither repeat nor leave out', async () => {
      const catalogs = await withTools();
      const seen: string[] = [];
      let after: { name: string; sourceId: string } | undefined;
      for (;;) {
        const [tool] = await catalogs.listTools({}, { after, limit: 1 });
        if (!tool) break;
        seen.push(`${tool.sourceId}:${tool.name}`);
        after = tool;
      }

      expect(seen).toEqual([
        'orders:cancel_order',
        'orders:discount',
        'stock:discount',
        'orders:get_order',
      ]);
    });
  });

  it('takes 10,000 tools', async () => {
    const { catalogs, accept } = await setUp();
    const tools = Array.from({ length: 10_000 }, (_, index) => ({
      name: `tool_${index}`,
      capabilities: ['many'],
    }));

    await accept('orders', acceptedCatalog('orders', tools), T0);

    expect(await catalogs.countTools({ capability: 'many' })).toBe(10_000);
    expect(await catalogs.listCatalogServers()).toMatchObject([
      { sourceId: 'orders', toolCount: 10_000 },
    ]);
  });

  describe('high-water marks', () => {
    const mark = { iat: 1, catalogHash: 'sha256:a', payloadHash: 'sha256:b' };
    const move = {
      issuer: 'did:web:orders.example.org',
      url: 'https://orders.example.org/',
      at: T0,
    };

    it('move on from what was read', async () => {
      const { catalogs } = await setUp();
      const { issuer, url } = move;

      await catalogs.transaction(tx =>
        catalogs.moveMark(tx, { ...move, mark: { ...mark, seq: 1 } }),
      );
      const first = await catalogs.getMark(issuer, url);
      await catalogs.transaction(tx =>
        catalogs.moveMark(tx, {
          ...move,
          mark: { ...mark, seq: 2 },
          from: first!.revision,
        }),
      );

      expect((await catalogs.getMark(issuer, url))?.mark.seq).toBe(2);
      expect(await catalogs.getMark(issuer, 'https://other/')).toBeUndefined();
    });

    it.each([
      ['was there, where none was read', undefined],
      ['moved since it was read', 7],
    ])('refuse to move when one %s', async (_, from) => {
      const { catalogs, accept } = await setUp();
      await catalogs.transaction(tx =>
        catalogs.moveMark(tx, { ...move, mark }),
      );
      const before = acceptedCatalog('orders', [{ name: 'get_order' }]);
      await accept('orders', before, T0);

      const overtaken = catalogs.transaction(async tx => {
        await catalogs.accept(tx, 'orders', acceptedCatalog('orders', []), T1);
        await catalogs.moveMark(tx, { ...move, mark, from });
      });

      await expect(overtaken).rejects.toThrow(/moved while/);
      // The snapshot goes with the mark: what was there stays.
      expect((await catalogs.list())[0].digest).toBe(before.digest);
    });
  });
});
