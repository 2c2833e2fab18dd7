import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import yaml from 'yaml';
import {
  mockCredentials,
  mockServices,
  registerMswTestHooks,
} from '@backstage/backend-test-utils';
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { actionContext } from '../../testing/actionContext';
import { createRolloutStartAction } from './start';
import { examples } from './start.examples';

const api = 'http://backend.example/api/rollouts';
const planId = '6f9f3a0e-7d5f-4a53-9d53-3a4f0e6a1c11';
const input = { planId, digest: 'd1' };

const run = (state: string, more: object = {}) => ({
  id: 'run-1',
  name: 'orders',
  cluster: 'production',
  state,
  progress: { total: 2, ready: state === 'succeeded' ? 2 : 0, failed: 0 },
  evidence: [],
  ...more,
});
const succeeded = run('succeeded', { verdict: 'succeeded' });
const rolledBack = run('rolled-back', {
  verdict: 'rolled-back',
  evidence: [
    {
      class: 'terminal',
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
      },
      pod: 'web-1',
      container: 'main',
      reason: 'ErrImagePull',
      message: 'not found',
    },
  ],
});

describe('agentyard:rollout:start', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  const action = createRolloutStartAction({
    rollouts: new RolloutsClient({
      discoveryApi: { getBaseUrl: async () => api },
    }),
    auth: mockServices.auth(),
    pollMs: 5,
  });
  const context = (given: object, options: object = {}) =>
    actionContext(given, {
      getInitiatorCredentials: async () => mockCredentials.user(),
      ...options,
    });

  let starts: { body: any; token: string | null }[];
  /** What the run answers, look by look; the last one stays. */
  let looks: (object | number)[];
  let looked: number;

  beforeEach(() => {
    starts = [];
    looks = [succeeded];
    looked = 0;
    server.use(
      http.post(`${api}/runs`, async ({ request }) => {
        starts.push({
          body: await request.json(),
          token: request.headers.get('authorization'),
        });
        return HttpResponse.json(run('pending'), { status: 201 });
      }),
      http.get(`${api}/runs/run-1`, () => {
        const look = looks[Math.min(looked, looks.length - 1)];
        looked += 1;
        return typeof look === 'number'
          ? new HttpResponse('', { status: look })
          : HttpResponse.json(look);
      }),
      http.get(`${api}/plans/${planId}`, () =>
        HttpResponse.json({
          id: planId,
          digest: 'd1',
          state: 'ready',
          cluster: 'production',
        }),
      ),
    );
  });

  it('starts the plan on behalf of the user, follows it, and tells how it ended', async () => {
    looks = [run('pending'), run('applying'), run('applying'), succeeded];
    const logger = mockServices.logger.mock();
    const { ctx, outputs } = context(input, { logger });
    await action.handler(ctx);

    expect(outputs).toEqual({
      runId: 'run-1',
      state: 'succeeded',
      verdict: 'succeeded',
    });
    expect(starts).toEqual([
      {
        body: input,
        token: mockCredentials.service.header({
          onBehalfOf: mockCredentials.user(),
          targetPluginId: 'rollouts',
        }),
      },
    ]);
    expect(logger.info.mock.calls.map(([line]) => line)).toEqual([
      'pending: 0 of 2 objects ready',
      'applying: 0 of 2 objects ready',
      'succeeded: 2 of 2 objects ready',
      'run run-1 of orders on production is succeeded',
    ]);
  });

  it('starts once, however often the step runs', async () => {
    const done = new Map<string, unknown>();
    const checkpoint = async ({ key, fn }: any) => {
      if (!done.has(key)) done.set(key, await fn());
      return done.get(key);
    };
    await action.handler(context(input, { checkpoint }).ctx);
    const again = context(input, { checkpoint });
    await action.handler(again.ctx);
    expect(again.outputs.verdict).toBe('succeeded');
    expect(starts).toHaveLength(1);
  });

  it('fails with the evidence when the run is rolled back', async () => {
    looks = [run('rolling-back'), rolledBack];
    const { ctx, outputs } = context(input);
    await expect(action.handler(ctx)).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: expect.stringContaining(
        'Deployment shop/web, pod web-1, container main, ErrImagePull: not found',
      ),
    });
    expect(outputs).toMatchObject({ runId: 'run-1', verdict: 'rolled-back' });
  });

  it.each([
    ['failed', 'failed', 'ROLLOUT_FAILED'],
    ['needs-attention', 'failed', 'ROLLOUT_FAILED'],
    ['aborted', 'inconclusive', 'ROLLOUT_STOPPED'],
  ])('fails when the run ends as %s', async (state, verdict, code) => {
    looks = [run(state, { verdict, message: 'because' })];
    await expect(action.handler(context(input).ctx)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('because'),
    });
  });

  it('goes on after a bad end when it is told so', async () => {
    looks = [rolledBack];
    const { ctx, outputs } = context({ ...input, failOnRollback: false });
    await action.handler(ctx);
    expect(outputs.verdict).toBe('rolled-back');
  });

  it('does not wait when it is told so', async () => {
    looks = [run('applying')];
    const { ctx, outputs } = context({ ...input, wait: false });
    await action.handler(ctx);
    expect(looked).toBe(1);
    expect(outputs).toEqual({ runId: 'run-1', state: 'applying' });
  });

  it('waits no longer than it may', async () => {
    looks = [run('applying')];
    const { ctx, outputs } = context({ ...input, timeoutSeconds: 1 });
    const started = Date.now();
    await action.handler(ctx);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(outputs).toEqual({ runId: 'run-1', state: 'applying' });
  });

  it('outlives a backend that restarts while it waits', async () => {
    looks = [run('applying'), 503, 502, succeeded];
    const { ctx, outputs } = context(input);
    await action.handler(ctx);
    expect(outputs.verdict).toBe('succeeded');
  });

  it('ends with the task', async () => {
    looks = [run('applying')];
    const controller = new AbortController();
    const { ctx } = context(input, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(action.handler(ctx)).rejects.toThrow(/abort/i);
  });

  it('passes on what the service refuses', async () => {
    server.use(
      http.post(`${api}/runs`, () =>
        HttpResponse.json(
          {
            error: {
              name: 'ConflictError',
              code: 'DIGEST_MISMATCH',
              message: 'another digest',
            },
            response: { statusCode: 409 },
          },
          { status: 409 },
        ),
      ),
    );
    await expect(action.handler(context(input).ctx)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  it('starts nothing in a dry run, but finds what would be refused', async () => {
    const { ctx, outputs } = context(input, { isDryRun: true });
    await action.handler(ctx);
    expect(outputs).toEqual({});
    await expect(
      action.handler(
        context({ ...input, digest: 'other' }, { isDryRun: true }).ctx,
      ),
    ).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(starts).toEqual([]);
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe(action.id);
    looks = [step.input.failOnRollback === false ? rolledBack : succeeded];
    // What the scaffolder puts in from the step before.
    const { ctx, outputs } = context({ ...step.input, ...input });
    await action.handler(ctx);
    expect(starts).toHaveLength(1);
    expect(outputs.runId).toBe('run-1');
  });
});
