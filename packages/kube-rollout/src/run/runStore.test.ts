import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Plan, Target } from '../plan/plan';
import { fileRunStore } from './fileRunStore';
import { memoryRunStore } from './memoryRunStore';
import { Run, RunState } from './run';
import { RunStore } from './runStore';

const TARGET: Target = { cluster: 'c', namespace: 'n', name: 'shop' };
const NOW = new Date('2026-03-01T12:00:00Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);
const run = (id: string, more: Partial<Run> = {}): Run => ({
  id,
  target: TARGET,
  planId: 'p',
  planDigest: 'd',
  state: 'pending',
  revision: 1,
  createdAt: NOW.toISOString(),
  objects: [],
  rollback: [],
  evidence: [],
  restartBaseline: {},
  ...more,
});
const PLAN = { id: 'p', objects: [] } as unknown as Plan;
const release = (id: string, revision: number) => ({
  id,
  target: TARGET,
  revision,
  runId: 'r',
  planDigest: 'd',
  createdAt: NOW.toISOString(),
  objects: [],
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-store-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe.each<[string, () => Promise<RunStore>]>([
  ['memoryRunStore', async () => memoryRunStore()],
  ['fileRunStore', () => fileRunStore(join(directory, 'store.json'))],
])('%s', (_, make) => {
  let store: RunStore;
  beforeEach(async () => {
    store = await make();
    await store.createRun(run('r'), PLAN);
  });
  const finish = async (id: string, state: RunState = 'succeeded') => {
    const lease = (await store.acquireLease(id, 'x', 1000, NOW))!;
    await store.commit(lease, { run: { state } });
    await store.releaseLease(lease);
  };

  it('lets one run of a target be active', async () => {
    await expect(store.createRun(run('s'), PLAN)).rejects.toMatchObject({
      code: 'RUN_ACTIVE',
    });
    await store.createRun(
      run('elsewhere', { target: { ...TARGET, namespace: 'm' } }),
      PLAN,
    );
    await finish('r');
    await store.createRun(run('s', { revision: 2 }), PLAN);
    expect(await store.lastRevision(TARGET)).toBe(2);
  });

  it('gives the lease to one holder at a time, with a new epoch each time', async () => {
    expect(await store.acquireLease('r', 'a', 1000, NOW)).toMatchObject({
      epoch: 1,
      holder: 'a',
    });
    expect(
      await store.acquireLease('r', 'b', 1000, after(999)),
    ).toBeUndefined();
    expect(await store.acquireLease('r', 'b', 1000, after(1000))).toMatchObject(
      { epoch: 2, holder: 'b' },
    );
    await expect(
      store.acquireLease('nowhere', 'a', 1, NOW),
    ).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  it('lets a fenced holder write nothing at all', async () => {
    const stale = (await store.acquireLease('r', 'a', 1000, NOW))!;
    await store.acquireLease('r', 'b', 1000, after(2000));
    const change = {
      run: { state: 'failed' as const },
      journal: [{ step: 's', phase: 'note' as const, at: '', message: '' }],
      inventory: [],
      release: release('x', 1),
    };
    await expect(store.commit(stale, change)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await expect(
      store.renewLease(stale, 1000, after(2001)),
    ).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await store.releaseLease(stale);
    expect(await store.getRun('r')).toMatchObject({ state: 'pending' });
    expect(await store.journal('r')).toEqual([]);
    expect(await store.getRelease('x')).toBeUndefined();
    expect(
      await store.acquireLease('r', 'c', 1000, after(2500)),
    ).toBeUndefined();
  });

  it('finds runs that nobody drives', async () => {
    expect(await store.listAbandoned(NOW)).toEqual(['r']);
    const lease = (await store.acquireLease('r', 'a', 1000, NOW))!;
    expect(await store.listAbandoned(after(500))).toEqual([]);
    expect(await store.listAbandoned(after(1000))).toEqual(['r']);
    await store.releaseLease(lease);
    expect(await store.listAbandoned(after(500))).toEqual(['r']);
    await finish('r');
    expect(await store.listAbandoned(after(5000))).toEqual([]);
  });

  it('writes a step whole, and numbers the journal', async () => {
    const lease = (await store.acquireLease('r', 'a', 1000, NOW))!;
    const line = (step: string) => ({
      step,
      phase: 'intent' as const,
      at: NOW.toISOString(),
      message: step,
    });
    await store.commit(lease, {
      run: { state: 'applying' },
      journal: [line('1'), line('2')],
    });
    await store.commit(lease, {
      journal: [line('3')],
      inventory: [
        {
          ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
          uid: 'u',
          created: true,
          revision: 1,
        },
      ],
      release: release('x', 1),
    });
    expect(
      (await store.journal('r')).map(({ seq, step, epoch }) => [
        seq,
        step,
        epoch,
      ]),
    ).toEqual([
      [1, '1', 1],
      [2, '2', 1],
      [3, '3', 1],
    ]);
    expect((await store.journal('r', 2)).map(({ step }) => step)).toEqual([
      '3',
    ]);
    expect(await store.inventory(TARGET)).toHaveLength(1);
    expect(await store.inventory({ ...TARGET, name: 'other' })).toEqual([]);
    await store.commit(lease, { release: release('y', 2) });
    expect((await store.listReleases(TARGET)).map(({ id }) => id)).toEqual([
      'y',
      'x',
    ]);
    expect(await store.latestRelease(TARGET)).toMatchObject({ id: 'y' });
  });

  it('brings the wish to abort at the next renewal; the first one stands', async () => {
    const lease = (await store.acquireLease('r', 'a', 1000, NOW))!;
    const wish = (by: string) => ({
      by,
      at: NOW.toISOString(),
      then: 'rollback' as const,
    });
    await store.requestAbort('r', wish('ada'));
    await store.requestAbort('r', wish('bob'));
    expect(await store.renewLease(lease, 1000, after(500))).toMatchObject({
      abort: { by: 'ada' },
      lease: { expiresAt: after(1500).toISOString() },
    });
    await store.releaseLease(lease);
    await finish('r');
    await expect(store.requestAbort('r', wish('eve'))).rejects.toMatchObject({
      code: 'RUN_OVER',
    });
    await expect(
      store.requestAbort('nowhere', wish('eve')),
    ).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  it('hands out copies', async () => {
    (await store.getRun('r'))!.state = 'failed';
    expect(await store.getRun('r')).toMatchObject({ state: 'pending' });
  });
});

describe('the file', () => {
  const path = () => join(directory, 'deep', 'store.json');

  it('survives the process, and only its owner may read it', async () => {
    await (await fileRunStore(path())).createRun(run('r'), PLAN);
    expect(await (await fileRunStore(path())).getRun('r')).toEqual(run('r'));
    // eslint-disable-next-line no-bitwise
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no JSON', 'not json'],
    ['another format', '{"format":"other/1"}'],
    ['a part missing', '{"format":"agentyard-rollouts/1","runs":[]}'],
  ])('is refused and left alone: %s', async (_, text) => {
    const file = join(directory, 'store.json');
    await writeFile(file, text);
    await expect(fileRunStore(file)).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
    });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('keeps the last twenty runs of a target', async () => {
    const store = await fileRunStore(path());
    for (let revision = 1; revision <= 23; revision++) {
      const id = `r${revision}`;
      await store.createRun(run(id, { revision }), PLAN);
      const lease = (await store.acquireLease(id, 'x', 1000, NOW))!;
      await store.commit(lease, {
        run: { state: 'succeeded' },
        release: { ...release(`x${revision}`, revision), runId: id },
      });
    }
    const kept = await (await fileRunStore(path())).listReleases(TARGET);
    expect(kept).toHaveLength(20);
    expect(kept[0].revision).toBe(23);
  });
});
