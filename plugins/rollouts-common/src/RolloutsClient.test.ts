import { RolloutsClient } from './RolloutsClient';

const answer = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });

describe('RolloutsClient', () => {
  const fetch = jest.fn<Promise<Response>, [string, RequestInit]>();
  const client = new RolloutsClient({
    discoveryApi: { getBaseUrl: async id => `http://backend/api/${id}` },
    fetchApi: { fetch: fetch as unknown as typeof global.fetch },
  });

  beforeEach(() => {
    fetch.mockReset();
    fetch.mockImplementation(async () => answer({ items: [] }));
  });

  it.each<[string, () => Promise<unknown>, string, string]>([
    ['clusters', () => client.getClusters(), 'GET', '/clusters'],
    ['plans', () => client.getPlans({ name: 'a b' }), 'GET', '/plans?name=a+b'],
    ['a plan', () => client.getPlan('a/b'), 'GET', '/plans/a%2Fb'],
    [
      'runs',
      () =>
        client.getRuns({
          entityRef: 'component:default/echo',
          name: undefined,
          limit: 5,
        }),
      'GET',
      '/runs?entityRef=component%3Adefault%2Fecho&limit=5',
    ],
    ['a run', () => client.getRun('1'), 'GET', '/runs/1'],
    ['a rollback', () => client.rollbackRun('1'), 'POST', '/runs/1/rollback'],
    ['releases', () => client.getReleases(), 'GET', '/releases'],
  ])('asks for %s', async (_, ask, method, path) => {
    await ask();
    expect(fetch).toHaveBeenCalledWith(
      `http://backend/api/rollouts${path}`,
      expect.objectContaining({ method }),
    );
  });

  it('sends bodies as JSON, with token and signal where given', async () => {
    const { signal } = new AbortController();
    await client.startRun({ planId: 'p', digest: 'd' }, { token: 't', signal });
    expect(fetch).toHaveBeenCalledWith('http://backend/api/rollouts/runs', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer t',
      },
      body: '{"planId":"p","digest":"d"}',
      signal,
    });
  });

  it('sends no authorization of its own', async () => {
    await client.getClusters();
    expect(fetch.mock.calls[0][1].headers).toEqual({});
  });

  it('throws what the service refuses, with its code', async () => {
    fetch.mockResolvedValue(
      answer(
        {
          error: { name: 'ConflictError', message: 'no', code: 'PLAN_EXPIRED' },
          response: { statusCode: 409 },
        },
        409,
      ),
    );
    await expect(
      client.startRun({ planId: 'p', digest: 'd' }),
    ).rejects.toMatchObject({
      statusCode: 409,
      cause: { code: 'PLAN_EXPIRED' },
    });
  });
});
