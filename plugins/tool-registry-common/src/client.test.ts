import { ToolRegistryClient } from './client';

const registry = 'http://backend.example/api/tool-registry';

function clientAnswering(status: number, body: unknown) {
  const asked: Array<{ url: string; method?: string; headers: Headers }> = [];
  const client = new ToolRegistryClient({
    discoveryApi: { getBaseUrl: async () => registry },
    fetchApi: {
      fetch: async (url, init) => {
        asked.push({
          url: String(url),
          method: init?.method,
          headers: new Headers(init?.headers),
        });
        return new Response(JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
  return { client, asked };
}

describe('ToolRegistryClient', () => {
  it('encodes ids into the path', async () => {
    const { client, asked } = clientAnswering(200, {});

    await client.getTool('orders:get_order');
    await client.refreshSource('catalog.api.default/a b');

    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${registry}/tools/orders%3Aget_order`,
      `POST ${registry}/sources/catalog.api.default%2Fa%20b/refresh`,
    ]);
  });

  it('sends only the filters that are set', async () => {
    const { client, asked } = clientAnswering(200, { items: [] });

    await client.listTools({
      filter: { query: 'read order', catalogId: undefined, owner: '' },
      limit: 10,
    });
    await client.listTools();

    expect(asked.map(({ url }) => url)).toEqual([
      `${registry}/tools?query=read+order&limit=10`,
      `${registry}/tools`,
    ]);
  });

  it('sends the token when one is given', async () => {
    const { client, asked } = clientAnswering(200, { items: [] });

    await client.listEntities({ token: 'of-a-service' });
    await client.listEntities();

    expect(asked.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer of-a-service',
      null,
    ]);
  });

  it('throws what the backend refused', async () => {
    const { client } = clientAnswering(404, {
      error: { name: 'NotFoundError', message: 'No tool with id a:b' },
      response: { statusCode: 404 },
    });

    await expect(client.getTool('a:b')).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 404,
      cause: { message: 'No tool with id a:b' },
    });
  });
});
