import { rolloutsClusterAuthExtensionPoint } from '@agentyard/plugin-rollouts-node';
import {
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import request from 'supertest';
import { rolloutsPlugin } from './plugin';

jest.setTimeout(60_000);

const ID = '6f9f3a0e-7d5f-4a53-9d53-3a4f0e6a1c11';
const plan = {
  name: 'echo',
  cluster: 'closed',
  namespace: 'tools',
  manifests: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}',
};

describe('rollouts backend', () => {
  let server: Awaited<ReturnType<typeof startTestBackend>>['server'];
  let stop: () => Promise<void>;
  let authorize: jest.Mock;
  const auditor = mockServices.auditor.mock();
  const actions = actionsRegistryServiceMock();

  beforeAll(async () => {
    const permissions = mockServices.permissions.mock();
    authorize = permissions.authorize as jest.Mock;
    const backend = await startTestBackend({
      features: [
        rolloutsPlugin,
        createBackendModule({
          pluginId: 'rollouts',
          moduleId: 'vault',
          register(env) {
            env.registerInit({
              deps: { clusterAuth: rolloutsClusterAuthExtensionPoint },
              async init({ clusterAuth }) {
                clusterAuth.addClusterAuth({
                  authProvider: 'vault',
                  bearerToken: async () => 'from the vault',
                });
              },
            });
          },
        }),
        auditor.factory,
        permissions.factory,
        createServiceFactory({
          service: actionsRegistryServiceRef,
          deps: {},
          factory: () => actions,
        }),
        mockServices.rootConfig.factory({
          data: {
            agentyard: { rollouts: { maxObjects: 2 } },
            kubernetes: {
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    {
                      // Nothing listens on the discard port.
                      name: 'closed',
                      url: 'http://127.0.0.1:9',
                      authProvider: 'serviceAccount',
                      serviceAccountToken: 'token',
                    },
                    {
                      name: 'cloud',
                      url: 'https://cloud.example',
                      authProvider: 'aws',
                    },
                    {
                      name: 'vaulted',
                      url: 'http://127.0.0.1:9',
                      authProvider: 'vault',
                    },
                  ],
                },
              ],
            },
          },
        }),
      ],
    });
    ({ server } = backend);
    stop = () => backend.stop();
  });
  afterAll(() => stop?.());

  beforeEach(() => {
    auditor.createEvent.mockReset();
    auditor.createEvent.mockResolvedValue({
      success: jest.fn(async () => {}),
      fail: jest.fn(async () => {}),
    });
    authorize.mockReset();
    authorize.mockImplementation(async (requests: object[]) =>
      requests.map(() => ({ result: AuthorizeResult.ALLOW })),
    );
  });

  const get = (path: string) => request(server).get(`/api/rollouts${path}`);
  const post = (path: string, body?: object) =>
    request(server)
      .post(`/api/rollouts${path}`)
      .send(body ?? {});

  const routes: [string, () => request.Test][] = [
    ['GET /clusters', () => get('/clusters')],
    ['GET /plans', () => get('/plans')],
    ['GET /plans/{id}', () => get(`/plans/${ID}`)],
    ['POST /plans', () => post('/plans', plan)],
    ['GET /runs', () => get('/runs')],
    ['GET /runs/{id}', () => get(`/runs/${ID}`)],
    ['POST /runs', () => post('/runs', { planId: ID, digest: 'd' })],
    ['POST /runs/{id}/rollback', () => post(`/runs/${ID}/rollback`)],
    ['GET /releases', () => get('/releases')],
  ];

  it.each(routes)('%s answers 401 without a token', async (_, ask) => {
    const response = await ask().set(
      'authorization',
      mockCredentials.none.header(),
    );
    expect(response.status).toBe(401);
  });

  it.each(routes)('%s answers 403 without its permission', async (_, ask) => {
    authorize.mockResolvedValue([{ result: AuthorizeResult.DENY }]);
    const response = await ask();
    expect(response.status).toBe(403);
    expect(response.body.error.message).toMatch(/permission rollouts\./);
  });

  it('asks for a permission of its own to take a run back', async () => {
    await post(`/runs/${ID}/rollback`);
    expect(authorize).toHaveBeenCalledWith(
      [
        {
          permission: expect.objectContaining({
            name: 'rollouts.run.rollback',
          }),
        },
      ],
      expect.anything(),
    );
  });

  it('shows clusters with what is wrong with each', async () => {
    const response = await get('/clusters');
    expect(response.status).toBe(200);
    expect(response.body.items).toMatchObject([
      { name: 'closed', state: 'unreachable' },
      { name: 'cloud', state: 'unsupported' },
      { name: 'vaulted', state: 'unreachable', authProvider: 'vault' },
    ]);
    expect(JSON.stringify(response.body)).not.toContain('token');
  });

  it('has empty lists to begin with', async () => {
    for (const path of ['/plans', '/runs', '/releases']) {
      const response = await get(`${path}?limit=10&name=echo`);
      expect(response.body).toEqual({ items: [] });
    }
  });

  it.each([
    [
      'a name that is no DNS label',
      { ...plan, name: 'Echo_1' },
      400,
      undefined,
    ],
    ['no manifests', { ...plan, manifests: '' }, 400, undefined],
    ['a field too many', { ...plan, force: true }, 400, undefined],
    [
      'a broken entity reference',
      { ...plan, entityRef: ':::' },
      400,
      'INVALID_REQUEST',
    ],
    [
      'text that is no YAML',
      { ...plan, manifests: 'a: b: c' },
      400,
      'INVALID_MANIFESTS',
    ],
    [
      'YAML that is no Kubernetes object',
      { ...plan, manifests: 'just: text' },
      400,
      'INVALID_MANIFESTS',
    ],
    [
      'more objects than allowed',
      {
        ...plan,
        manifests: ['a', 'b', 'c']
          .map(
            name =>
              `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
          )
          .join('---\n'),
      },
      413,
      'MANIFESTS_TOO_LARGE',
    ],
    [
      'more text than allowed',
      { ...plan, manifests: `# ${'x'.repeat(4 * 1024 * 1024)}` },
      413,
      'MANIFESTS_TOO_LARGE',
    ],
    ['a body beyond all bounds', { x: 'x'.repeat(9_000_000) }, 413, undefined],
    [
      'an unknown cluster',
      { ...plan, cluster: 'mars' },
      404,
      'CLUSTER_NOT_FOUND',
    ],
    [
      'a cluster that cannot be signed in to',
      { ...plan, cluster: 'cloud' },
      400,
      'CLUSTER_UNSUPPORTED',
    ],
    ['a cluster that is down', plan, 503, 'CLUSTER_UNREACHABLE'],
  ])('refuses a plan with %s', async (_, body, status, code) => {
    const response = await post('/plans', body);
    expect({
      status: response.status,
      code: response.body.error.code,
    }).toEqual({ status, code });
  });

  it.each([
    ['/plans/not-a-uuid', 400],
    [`/plans/${ID}`, 404],
    [`/runs/${ID}`, 404],
    ['/runs?state=dancing', 400],
    ['/runs?limit=0', 400],
    ['/runs?unknown=1', 400],
    ['/runs?entityRef=:::', 400],
  ])('GET %s answers %s', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('starts no run of a plan that is not there', async () => {
    const response = await post('/runs', { planId: ID, digest: 'd' });
    expect(response.status).toBe(404);
    expect(response.body.error.code).toBe('PLAN_NOT_FOUND');
  });

  it('leaves a trace of what changes something, refused or not', async () => {
    await post('/runs', { planId: ID, digest: 'd' });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'run-start',
        severityLevel: 'medium',
        meta: { planId: ID, digest: 'd' },
      }),
    );
    const trace = await auditor.createEvent.mock.results[0].value;
    expect(trace.fail).toHaveBeenCalledTimes(1);
    expect(trace.success).not.toHaveBeenCalled();

    await get('/runs');
    expect(auditor.createEvent).toHaveBeenCalledTimes(1);
  });

  it('offers its actions to agents', async () => {
    expect([...actions.actions.keys()].sort()).toEqual([
      expect.stringContaining('create-plan'),
      expect.stringContaining('get-run'),
      expect.stringContaining('list-runs'),
      expect.stringContaining('start-run'),
    ]);
    const { output } = (await actions.invoke({
      id: [...actions.actions.keys()].find(id => id.endsWith('list-runs'))!,
      input: { cluster: 'closed' },
      credentials: mockCredentials.user(),
    })) as { output: { runs: unknown[] } };
    expect(output.runs).toEqual([]);
  });
});
