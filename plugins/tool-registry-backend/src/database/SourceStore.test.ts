import { testDatabases } from '../__testUtils__/databases';
import { acceptedCatalog, catalogSource } from '../__testUtils__/samples';
import { CatalogStore } from './CatalogStore';
import { SourceStore } from './SourceStore';

jest.setTimeout(60_000);

const databases = testDatabases();
const T0 = '2026-09-01T08:00:00.000Z';
const T1 = '2026-09-01T08:05:00.000Z';
const T2 = '2026-09-01T08:10:00.000Z';
const unreachable = {
  status: 'unreachable' as const,
  reasons: [{ code: 'TIMEOUT', message: 'No answer in time' }],
  steps: [],
};

describe.each(databases.ids)('SourceStore on %s', id => {
  async function setUp() {
    const knex = await databases.migrated(id);
    return { sources: new SourceStore(knex), catalogs: new CatalogStore(knex) };
  }

  it('makes the sources those that the provider declares', async () => {
    const { sources } = await setUp();
    const orders = catalogSource('orders');

    expect(
      await sources.reconcile('config', [orders, catalogSource('old')], T0),
    ).toEqual(['orders', 'old']);
    expect(
      await sources.reconcile('config', [orders, catalogSource('new')], T1),
    ).toEqual(['new', 'old']);

    const stored = await sources.list();
    expect(stored.map(s => s.definition.id)).toEqual(['new', 'orders']);
    expect(stored[1]).toEqual({
      definition: orders,
      failures: 0,
      dueAt: T0,
    });
  });

  it("leaves other providers' sources alone, until their provider is gone", async () => {
    const { sources } = await setUp();
    const theirs = catalogSource('inventory.orders', { provider: 'inventory' });
    await sources.reconcile('inventory', [theirs], T0);

    await sources.reconcile('config', [], T0);
    expect(await sources.get('inventory.orders')).toBeDefined();

    await sources.forgetOtherProviders(['config', 'catalog']);
    expect(await sources.get('inventory.orders')).toBeUndefined();
  });

  it('keeps the snapshot when only the owner changes, and drops it when another publisher is trusted', async () => {
    const { sources, catalogs } = await setUp();
    const orders = catalogSource('orders');
    await sources.reconcile('config', [orders], T0);
    await catalogs.transaction(tx =>
      catalogs.accept(
        tx,
        'orders',
        acceptedCatalog('orders', [{ name: 'get_order' }]),
        T0,
      ),
    );

    await sources.reconcile(
      'config',
      [{ ...orders, owner: 'group:default/sales' }],
      T1,
    );
    expect(await catalogs.list()).toHaveLength(1);
    expect((await sources.get('orders'))?.definition.owner).toBe(
      'group:default/sales',
    );

    await sources.reconcile(
      'config',
      [{ ...orders, publisher: 'did:web:other.example.org' }],
      T2,
    );
    expect(await catalogs.list()).toEqual([]);
    expect(await catalogs.listTools({})).toEqual([]);
  });

  it('gives a due source to one reader alone', async () => {
    const { sources } = await setUp();
    await sources.reconcile('config', [catalogSource('orders')], T0);
    const claim = { now: T1, leaseUntil: T2 };

    const claims = await Promise.all([
      sources.claimDueCatalogs(claim),
      sources.claimDueCatalogs(claim),
    ]);

    expect(claims.flat().map(s => s.definition.id)).toEqual(['orders']);
    expect(await sources.claimDueCatalogs(claim)).toEqual([]);
    // The reader died: the lease ends.
    expect(
      await sources.claimDueCatalogs({ now: T2, leaseUntil: T2 }),
    ).toHaveLength(1);
  });

  it('records failures in a row, and what was good before', async () => {
    const { sources, catalogs } = await setUp();
    const orders = catalogSource('orders');
    await sources.reconcile('config', [orders], T0);
    const record = (at: string, failed: boolean) =>
      catalogs.transaction(tx =>
        sources.recordAttempt(tx, orders, {
          at,
          verdict: failed
            ? unreachable
            : { status: 'verified', reasons: [], steps: [] },
          failure: failed ? unreachable.reasons[0] : undefined,
          dueAt: T2,
        }),
      );

    expect(await record(T0, false)).toBe(true);
    await record(T1, true);
    await record(T2, true);

    expect(await sources.get('orders')).toMatchObject({
      verdict: unreachable,
      fetchedAt: T2,
      succeededAt: T0,
      failure: { code: 'TIMEOUT' },
      failures: 2,
    });
  });

  it('drops the outcome of an attempt when the source changed meanwhile', async () => {
    const { sources, catalogs } = await setUp();
    const orders = catalogSource('orders');
    await sources.reconcile(
      'config',
      [{ ...orders, url: 'https://moved.example.org/' }],
      T0,
    );

    const recorded = await catalogs.transaction(tx =>
      sources.recordAttempt(tx, orders, {
        at: T1,
        verdict: { status: 'verified', reasons: [], steps: [] },
        dueAt: T2,
      }),
    );

    expect(recorded).toBe(false);
    expect((await sources.get('orders'))?.verdict).toBeUndefined();
  });
});
