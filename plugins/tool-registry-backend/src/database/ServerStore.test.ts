import { testDatabases } from '../__testUtils__/databases';
import { ServerStore, type ProbeRecord } from './ServerStore';

jest.setTimeout(60_000);

const databases = testDatabases();
const T0 = '2026-09-01T08:00:00.000Z';
const T1 = '2026-09-01T08:01:00.000Z';
const T2 = '2026-09-01T08:02:00.000Z';
const everything = { id: 'aa', url: 'https://mcp.example.org/everything' };
const orders = { id: 'bb', url: 'https://mcp.example.org/orders' };
const healthy: ProbeRecord = {
  at: T0,
  state: 'healthy',
  latencyMs: 12,
  description: { dialect: 'session', serverInfo: { name: 'everything' } },
  liveTools: [{ name: 'echo', digest: 'sha256:0' }],
  dueAt: T1,
};

describe.each(databases.ids)('ServerStore on %s', id => {
  const setUp = async () => new ServerStore(await databases.migrated(id));

  it('keeps the state of servers that stay', async () => {
    const servers = await setUp();
    expect(await servers.reconcile([everything], T0)).toEqual(['aa']);
    await servers.recordProbe('aa', healthy);

    expect(await servers.reconcile([everything, orders], T1)).toEqual(['bb']);
    expect((await servers.get('aa'))?.health.state).toBe('healthy');
    expect((await servers.get('bb'))?.health).toEqual({ state: 'unknown' });

    expect(await servers.reconcile([orders], T2)).toEqual(['aa']);
    expect(await servers.listProbes('aa')).toEqual([]);
  });

  it('keeps what a server last said when it falls silent', async () => {
    const servers = await setUp();
    await servers.reconcile([everything], T0);
    await servers.recordProbe('aa', healthy);
    const silent = {
      at: T1,
      state: 'unreachable' as const,
      reason: { code: 'TIMEOUT', message: 'No answer in time' },
      dueAt: T2,
    };
    await servers.recordProbe('aa', silent);
    await servers.recordProbe('aa', { ...silent, at: T2 });

    expect(await servers.get('aa')).toEqual({
      ...everything,
      health: {
        state: 'unreachable',
        since: T1,
        checkedAt: T2,
        lastHealthyAt: T0,
        reason: silent.reason,
      },
      description: healthy.description,
      liveTools: healthy.liveTools,
      liveToolsAt: T0,
      dueAt: T2,
    });
    expect(await servers.listProbes('aa')).toEqual([
      { at: T2, state: 'unreachable', code: 'TIMEOUT' },
      { at: T1, state: 'unreachable', code: 'TIMEOUT' },
      { at: T0, state: 'healthy', latencyMs: 12 },
    ]);
  });

  it('bounds the history', async () => {
    const servers = await setUp();
    await servers.reconcile([everything, orders], T0);
    await servers.recordProbe('bb', healthy);
    for (let count = 0; count < 300; count++) {
      await servers.recordProbe('aa', { ...healthy, latencyMs: count });
    }

    const probes = await servers.listProbes('aa');
    expect(probes).toHaveLength(288);
    expect(probes[0].latencyMs).toBe(299);
    expect(await servers.listProbes('bb')).toHaveLength(1);
  });

  it('gives a due server to one prober alone', async () => {
    const servers = await setUp();
    await servers.reconcile([everything], T0);
    const claim = { now: T1, leaseUntil: T2 };

    const claims = await Promise.all([
      servers.claimDue(claim),
      servers.claimDue(claim),
    ]);

    expect(claims.flat().map(server => server.id)).toEqual(['aa']);
  });
});
