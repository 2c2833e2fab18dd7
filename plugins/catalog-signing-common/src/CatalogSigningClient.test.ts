import { CatalogSigningClient } from './CatalogSigningClient';

describe('CatalogSigningClient', () => {
  function client(answer: Response = Response.json({ items: [] })) {
    const requests: Request[] = [];
    const api = new CatalogSigningClient({
      discoveryApi: {
        getBaseUrl: async id => `https://portal.example.org/api/${id}`,
      },
      fetchApi: {
        fetch: async (input, init) => {
          requests.push(new Request(input, init));
          return answer;
        },
      },
    });
    return { api, requests };
  }

  it('puts documents, with the token of whoever asks', async () => {
    const { api, requests } = client(Response.json({ changed: true }));
    const specs = [{ path: 'a.yaml', content: 'openapi: 3.1.0' }];
    const result = await api.putPublication('portal', 'orders', specs, {
      token: 'abc',
    });
    expect(result).toEqual({ changed: true });
    const [request] = requests;
    expect(request.method).toBe('PUT');
    expect(request.url).toBe(
      'https://portal.example.org/api/catalog-signing/publishers/portal/publications/orders',
    );
    expect(request.headers.get('authorization')).toBe('Bearer abc');
    expect(await request.json()).toEqual({ specs });
  });

  it('escapes what it puts into addresses', async () => {
    const { api, requests } = client();
    await api.getPublisher('../users?x=1');
    expect(requests[0].url).toBe(
      'https://portal.example.org/api/catalog-signing/publishers/..%2Fusers%3Fx%3D1',
    );
  });

  it('pages through the log', async () => {
    const { api, requests } = client();
    await api.getLog('portal', { before: 41, limit: 20 });
    expect(new URL(requests[0].url).search).toBe('?before=41&limit=20');
  });

  it('throws what was refused, with code and problems', async () => {
    const error = {
      name: 'ConflictError',
      message: 'Nothing was published',
      code: 'NAME_COLLISION',
      problems: [{ code: 'NAME_COLLISION', message: 'Twice' }],
    };
    const { api } = client(
      Response.json({ error, response: { statusCode: 409 } }, { status: 409 }),
    );
    await expect(
      api.deletePublication('portal', 'orders'),
    ).rejects.toMatchObject({ statusCode: 409, body: { error } });
  });
});
