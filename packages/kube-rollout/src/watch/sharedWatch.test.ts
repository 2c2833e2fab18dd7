import { ServerResponse } from 'node:http';
import { Resource } from '../cluster/discovery';
import { Transport } from '../cluster/transport';
import { FakeApiServer, json } from '../testing/fakeApiServer';
import { SharedWatch } from './sharedWatch';
import { WatchPool } from './watchPool';

const PODS: Resource = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  verbs: [],
};
const SCOPE = { resource: PODS, namespace: 'shop' };

const pod = (name: string, resourceVersion: number, more = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    resourceVersion: String(resourceVersion),
    ...more,
  },
  status: { phase: 'Running' },
});
const send = (response: ServerResponse, type: string, object: unknown) =>
  response.write(`${JSON.stringify({ type, object })}\n`);
const initialEnd = (response: ServerResponse, resourceVersion: number) =>
  send(response, 'BOOKMARK', {
    kind: 'Pod',
    metadata: {
      resourceVersion: String(resourceVersion),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    },
  });
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 300 && !condition(); i++)
    await new Promise(resolve => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
};

describe('SharedWatch', () => {
  let server: FakeApiServer;
  let transport: Transport;
  let watch: SharedWatch | undefined;
  let seen: string[];
  let sight: string[];

  beforeEach(async () => {
    server = await FakeApiServer.start();
    transport = new Transport(server.kubeConfig(), {
      timeoutMs: 1_000,
      connections: 2,
    });
  });
  afterEach(async () => {
    watch?.close();
    await transport.close();
    await server.close();
  });
  const start = (timing = {}) => {
    seen = [];
    sight = [];
    watch = new SharedWatch(transport, SCOPE, { backoffMs: 10, ...timing });
    watch.subscribe({
      onObject: ({ metadata }, gone) =>
        seen.push(
          `${gone ? '-' : '+'}${metadata.name}@${metadata.resourceVersion}`,
        ),
      onSight: (live, reason) =>
        sight.push(live ? 'live' : String(reason?.code)),
    });
    return watch;
  };
  /** Answers the n-th stream with the n-th script, and leaves later ones open. */
  const streams = (...scripts: ((response: ServerResponse) => void)[]) => {
    server.answer = (_, response) => {
      response.writeHead(200);
      response.flushHeaders();
      scripts.shift()?.(response);
    };
  };
  const queries = () =>
    server.requests.map(({ url }) => new URL(url, 'http://x').searchParams);

  it('asks for the present state with bookmarks, and then only listens', async () => {
    streams(response => {
      send(response, 'ADDED', pod('a', 1));
      initialEnd(response, 5);
      send(response, 'MODIFIED', pod('a', 6));
      send(response, 'DELETED', pod('a', 7));
    });
    await start().synced;
    await until(() => seen.length === 3);
    expect(seen).toEqual(['+a@1', '+a@6', '-a@7']);
    expect(server.requests).toHaveLength(1);
    expect(Object.fromEntries(queries()[0])).toMatchObject({
      watch: '1',
      allowWatchBookmarks: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
    });
    const timeout = Number(queries()[0].get('timeoutSeconds'));
    expect(timeout).toBeGreaterThanOrEqual(300);
    expect(timeout).toBeLessThanOrEqual(600);
  });

  it('goes on from the last version when a stream breaks', async () => {
    streams(
      response => {
        initialEnd(response, 5);
        send(response, 'BOOKMARK', { metadata: { resourceVersion: '9' } });
        setTimeout(() => response.destroy(), 20);
      },
      response => send(response, 'ADDED', pod('b', 10)),
    );
    await start().synced;
    await until(() => seen.includes('+b@10'));
    expect(queries()[1].get('resourceVersion')).toBe('9');
    expect(queries()[1].has('sendInitialEvents')).toBe(false);
    expect(sight).toEqual(['live', 'UNREACHABLE', 'live']);
  });

  it('lists anew when its version has expired, and reports what went away meanwhile', async () => {
    streams(
      response => {
        send(response, 'ADDED', pod('stays', 1));
        send(response, 'ADDED', pod('goes', 2));
        initialEnd(response, 5);
        send(response, 'ERROR', {
          kind: 'Status',
          code: 410,
          message: 'too old resource version',
        });
      },
      response => {
        send(response, 'ADDED', pod('stays', 1));
        send(response, 'ADDED', pod('comes', 8));
        initialEnd(response, 9);
      },
    );
    await start().synced;
    await until(() => seen.includes('-goes@2'));
    expect(seen).toEqual(['+stays@1', '+goes@2', '+comes@8', '-goes@2']);
    expect(queries()[1].get('sendInitialEvents')).toBe('true');
  });

  it('swallows no line that is not JSON', async () => {
    streams(
      response => {
        initialEnd(response, 5);
        response.write('{"type": "ADD\n');
      },
      response => send(response, 'ADDED', pod('after', 6)),
    );
    await start().synced;
    await until(() => seen.includes('+after@6'));
    expect(sight).toEqual(['live', 'BAD_RESPONSE', 'live']);
  });

  it('puts lines together that arrive in pieces', async () => {
    const line = `${JSON.stringify({
      type: 'ADDED',
      object: pod('grün', 6),
    })}\n`;
    const bytes = Buffer.from(line);
    const cut = bytes.indexOf(0xc3) + 1;
    streams(response => {
      initialEnd(response, 5);
      response.write(bytes.subarray(0, cut));
      setTimeout(() => response.write(bytes.subarray(cut)), 20);
    });
    await start().synced;
    await until(() => seen.length > 0);
    expect(seen).toEqual(['+grün@6']);
  });

  it('does without streaming lists where the server has none', async () => {
    server.answer = ({ url }, response) => {
      const query = new URL(url!, 'http://x').searchParams;
      if (query.has('sendInitialEvents')) {
        json(
          response,
          {
            kind: 'Status',
            code: 422,
            message: 'sendInitialEvents is forbidden',
          },
          422,
        );
      } else if (query.has('watch')) {
        response.writeHead(200);
        response.flushHeaders();
      } else if (query.has('continue')) {
        json(response, {
          metadata: { resourceVersion: '4' },
          items: [pod('b', 2)],
        });
      } else {
        json(response, {
          metadata: { resourceVersion: '4', continue: 'more' },
          items: [pod('a', 1)],
        });
      }
    };
    await start().synced;
    expect(seen).toEqual(['+a@1', '+b@2']);
    await until(() =>
      queries().some(query => query.get('resourceVersion') === '4'),
    );
  });

  it('leaves a connection that has gone silent', async () => {
    streams(response => initialEnd(response, 5));
    await start({ inactivityMs: 100 }).synced;
    await until(() => server.requests.length >= 2);
    expect(sight.slice(0, 2)).toEqual(['live', 'UNREACHABLE']);
  });

  it('tells a refusal from a break', async () => {
    server.answer = (_, response) =>
      json(
        response,
        { kind: 'Status', code: 403, message: 'pods is forbidden' },
        403,
      );
    await expect(start().synced).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(server.requests).toHaveLength(1);
  });

  it('finds objects by their controller', async () => {
    const ownerReferences = [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'rs',
        uid: 'rs',
        controller: true,
      },
    ];
    streams(response => {
      send(response, 'ADDED', pod('a', 1, { ownerReferences }));
      send(response, 'ADDED', pod('b', 2, { ownerReferences }));
      send(response, 'ADDED', pod('c', 3));
      initialEnd(response, 5);
      send(response, 'DELETED', pod('a', 6, { ownerReferences }));
    });
    const started = start();
    await started.synced;
    await until(() => seen.includes('-a@6'));
    expect(
      [...started.controlledBy('rs')].map(({ metadata }) => metadata.name),
    ).toEqual(['b']);
  });

  it('is one for all who look at the same', async () => {
    streams(response => initialEnd(response, 5));
    const pool = new WatchPool(transport);
    const holds = [
      pool.acquire(SCOPE),
      pool.acquire({ ...SCOPE }),
      pool.acquire(SCOPE),
    ];
    await Promise.all(holds.map(hold => hold.watch.synced));
    expect(server.requests).toHaveLength(1);
    holds[0].release();
    holds[0].release();
    holds[1].release();
    expect(holds[2].watch.live).toBe(true);
    holds[2].release();
    const next = pool.acquire(SCOPE);
    expect(next.watch).not.toBe(holds[2].watch);
    pool.close();
  });
});
