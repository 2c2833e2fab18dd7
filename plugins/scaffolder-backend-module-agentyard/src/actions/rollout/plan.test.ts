import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import yaml from 'yaml';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  registerMswTestHooks,
} from '@backstage/backend-test-utils';
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { actionContext } from '../../testing/actionContext';
import { createRolloutPlanAction } from './plan';
import { examples } from './plan.examples';

const api = 'http://backend.example/api/rollouts';
const counts = {
  create: 2,
  update: 1,
  unchanged: 0,
  prune: 0,
  keep: 0,
  refused: 0,
};
const input = { name: 'orders', cluster: 'production', namespace: 'shop' };
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: b}\n';

describe('agentyard:rollout:plan', () => {
  const disk = createMockDirectory();
  const server = setupServer();
  registerMswTestHooks(server);

  const action = createRolloutPlanAction({
    rollouts: new RolloutsClient({
      discoveryApi: { getBaseUrl: async () => api },
    }),
    auth: mockServices.auth(),
  });
  const context = (given: object, options: object = {}) =>
    actionContext(given, {
      workspacePath: disk.path,
      getInitiatorCredentials: async () => mockCredentials.user(),
      ...options,
    });

  let posts: { body: any; token: string | null }[];
  let answer: object;

  beforeEach(() => {
    disk.setContent({
      deploy: {
        'service.yml': service,
        base: { 'configmap.yaml': configMap },
        'README.md': '# not a manifest',
        'staging.yaml': service,
      },
    });
    posts = [];
    answer = {
      id: 'plan-1',
      digest: 'd1',
      state: 'ready',
      counts,
      objects: [],
      problems: [],
    };
    server.use(
      http.post(`${api}/plans`, async ({ request }) => {
        posts.push({
          body: await request.json(),
          token: request.headers.get('authorization'),
        });
        return HttpResponse.json(answer, { status: 201 });
      }),
    );
  });

  it('plans the manifests of a folder on behalf of the user', async () => {
    const { ctx, outputs } = context({
      ...input,
      entityRef: 'component:default/orders',
    });
    await action.handler(ctx);

    expect(outputs).toEqual({
      planId: 'plan-1',
      digest: 'd1',
      counts,
      summary: '2 create, 1 update',
    });
    expect(posts).toEqual([
      {
        body: {
          ...input,
          entityRef: 'component:default/orders',
          manifests: [configMap, service, service].join('---\n'),
        },
        token: mockCredentials.service.header({
          onBehalfOf: mockCredentials.user(),
          targetPluginId: 'rollouts',
        }),
      },
    ]);
  });

  it('makes one plan of the same content, however often the step runs', async () => {
    const done = new Map<string, unknown>();
    const checkpoint = async ({ key, fn }: any) => {
      if (!done.has(key)) done.set(key, await fn());
      return done.get(key);
    };
    const first = context(input, { checkpoint });
    await action.handler(first.ctx);
    const again = context(input, { checkpoint });
    await action.handler(again.ctx);
    expect(again.outputs).toEqual(first.outputs);
    expect(posts).toHaveLength(1);

    disk.addContent({ deploy: { 'more.yaml': configMap } });
    await action.handler(context(input, { checkpoint }).ctx);
    expect(posts).toHaveLength(2);
  });

  it('fails with every problem when the cluster refuses', async () => {
    answer = {
      ...answer,
      state: 'refused',
      problems: [
        {
          severity: 'error',
          code: 'INVALID',
          message: 'must be positive',
          field: 'spec.replicas',
          object: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            namespace: 'shop',
            name: 'web',
          },
        },
        { severity: 'warning', code: 'SERVER_WARNING', message: 'deprecated' },
      ],
    };
    await expect(action.handler(context(input).ctx)).rejects.toMatchObject({
      code: 'PLAN_REFUSED',
      message: expect.stringMatching(
        /INVALID: Deployment shop\/web, spec\.replicas: must be positive$/,
      ),
    });
  });

  it('passes on what the service refuses', async () => {
    server.use(
      http.post(`${api}/plans`, () =>
        HttpResponse.json(
          {
            error: {
              name: 'NotFoundError',
              code: 'CLUSTER_NOT_FOUND',
              message: 'There is no cluster production',
            },
            response: { statusCode: 404 },
          },
          { status: 404 },
        ),
      ),
    );
    await expect(action.handler(context(input).ctx)).rejects.toMatchObject({
      code: 'CLUSTER_NOT_FOUND',
    });
  });

  it.each([
    [{ manifests: 'nowhere' }, 'MANIFESTS_NOT_FOUND'],
    [{ manifests: ['deploy', 'deploy/base/none.yaml'] }, 'MANIFESTS_NOT_FOUND'],
    [{ name: 'Orders' }, 'INVALID_NAME'],
    [{ namespace: '-shop' }, 'INVALID_NAMESPACE'],
  ])('refuses %j before it asks anybody', async (wrong, code) => {
    await expect(
      action.handler(context({ ...input, ...wrong }).ctx),
    ).rejects.toMatchObject({ code });
    expect(posts).toEqual([]);
  });

  it('refuses more than a plan may hold', async () => {
    disk.setContent({
      deploy: { 'big.yaml': 'x'.repeat(4 * 1024 * 1024 + 1) },
    });
    await expect(action.handler(context(input).ctx)).rejects.toMatchObject({
      code: 'MANIFESTS_TOO_LARGE',
    });
  });

  it('does not leave the workspace', async () => {
    await expect(
      action.handler(context({ ...input, manifests: '../secret' }).ctx),
    ).rejects.toThrow(/not allowed|outside/i);
    expect(posts).toEqual([]);
  });

  it('plans in a dry run too, since a plan changes nothing', async () => {
    const { ctx, outputs } = context(input, { isDryRun: true });
    await action.handler(ctx);
    expect(outputs.planId).toBe('plan-1');
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe(action.id);
    const { ctx, outputs } = context(step.input);
    await action.handler(ctx);
    expect(posts).toMatchObject([{ body: { cluster: step.input.cluster } }]);
    expect(outputs.digest).toBe('d1');
  });
});
