import { ClusterError } from '../errors';
import { Discovery } from './discovery';
import type { Transport } from './transport';

const widget = {
  kind: 'Widget',
  name: 'widgets',
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'patch'],
};

/** An API server that serves the kind from the n-th question on. */
function serving(from: number) {
  let asked = 0;
  const transport = {
    request: async () => {
      asked++;
      if (asked < from) {
        throw new ClusterError('NOT_FOUND', 'no such group');
      }
      return { body: { resources: [widget] } };
    },
  } as unknown as Transport;
  return { discovery: new Discovery(transport), asked: () => asked };
}

describe('a kind', () => {
  it('is asked for once and then known', async () => {
    const { discovery, asked } = serving(1);
    await discovery.resource('shop.example.com/v1', 'Widget');
    await discovery.resource('shop.example.com/v1', 'Widget');
    expect(asked()).toBe(1);
  });

  it('that the server does not serve is said to be unknown', async () => {
    const { discovery } = serving(Infinity);
    await expect(
      discovery.resource('shop.example.com/v1', 'Widget'),
    ).rejects.toMatchObject({ code: 'UNKNOWN_KIND' });
  });

  it('whose definition was just applied is waited for', async () => {
    const { discovery } = serving(4);
    expect(
      await discovery.awaitResource('shop.example.com/v1', 'Widget'),
    ).toMatchObject({ kind: 'Widget', plural: 'widgets' });
  });

  it('is not waited for without end', async () => {
    const { discovery } = serving(Infinity);
    await expect(
      discovery.awaitResource('shop.example.com/v1', 'Widget', {
        timeoutMs: 300,
      }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_KIND' });
  });

  it('is no longer waited for once the run is called off', async () => {
    const { discovery } = serving(Infinity);
    await expect(
      discovery.awaitResource('shop.example.com/v1', 'Widget', {
        signal: AbortSignal.timeout(200),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
