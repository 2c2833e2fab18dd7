import type {
  CatalogSummary,
  ServerSummary,
} from '@agentyard/plugin-tool-registry-common';
import type { RunSummary } from '@agentyard/plugin-rollouts-common';
import {
  catalogsInTrouble,
  runsInTrouble,
  serversInTrouble,
} from './attention';

const now = Date.parse('2026-09-01T12:00:00Z');
const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();

const catalog = (part: object) =>
  ({
    id: 'orders',
    title: 'Orders',
    verdict: { status: 'verified', reasons: [], steps: [] },
    snapshot: { signature: { issuedAt: ago(2), expiresAt: ago(-22) } },
    ...part,
  } as unknown as CatalogSummary);

const run = (part: Partial<RunSummary>) =>
  ({
    id: 'r1',
    name: 'orders',
    cluster: 'prod',
    namespace: 'tools',
    finishedAt: ago(1),
    createdAt: ago(1),
    updatedAt: ago(1),
    ...part,
  } as RunSummary);

describe('catalogs', () => {
  it('that verify and were signed lately do not wait for anyone', () => {
    expect(catalogsInTrouble([catalog({})], now)).toEqual([]);
  });

  it('that are refused wait, with the reason and since when', () => {
    const refused = catalog({
      verdict: {
        status: 'refused',
        reasons: [{ code: 'EXPIRED', message: 'The statement has expired.' }],
        since: ago(3),
      },
    });
    expect(catalogsInTrouble([refused], now)).toEqual([
      expect.objectContaining({
        tone: 'bad',
        title: 'Catalog “Orders” is refused',
        detail: 'The statement has expired.',
        since: ago(3),
        href: '/tool-catalogs/orders',
      }),
    ]);
  });

  it('wait when less than a quarter of the signature’s life is left', () => {
    const late = catalog({
      snapshot: { signature: { issuedAt: ago(19), expiresAt: ago(-5) } },
    });
    expect(catalogsInTrouble([late], now)).toHaveLength(1);
  });
});

describe('servers', () => {
  it('wait when they do not answer as they should', () => {
    const servers = ['healthy', 'unknown', 'degraded', 'unreachable'].map(
      state => ({ id: state, title: state, health: { state } }),
    ) as ServerSummary[];
    expect(serversInTrouble(servers).map(({ tone }) => tone)).toEqual([
      'warning',
      'bad',
    ]);
  });
});

describe('runs', () => {
  it('wait when they were rolled back', () => {
    expect(runsInTrouble([run({ verdict: 'rolled-back' })], now)).toMatchObject(
      [{ href: '/rollouts/runs/r1', tone: 'warning' }],
    );
  });

  it('no longer wait when the same application has succeeded since', () => {
    const fixed = run({ id: 'r2', verdict: 'succeeded', createdAt: ago(0.5) });
    expect(runsInTrouble([run({ verdict: 'failed' }), fixed], now)).toEqual([]);
  });

  it('no longer wait after a week', () => {
    const old = run({ verdict: 'failed', createdAt: ago(24 * 8) });
    expect(runsInTrouble([old], now)).toEqual([]);
  });
});
