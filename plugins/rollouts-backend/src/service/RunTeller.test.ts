import type { Run } from '@agentyard/kube-rollout';
import { mockServices } from '@backstage/backend-test-utils';
import { DatabaseRunStore } from '../database/DatabaseRunStore';
import { PlanStore } from '../database/PlanStore';
import { testDatabases } from '../testing/databases';
import { planOf, runOf } from '../testing/plans';
import { RunTeller } from './RunTeller';

jest.setTimeout(60_000);

describe('RunTeller', () => {
  const databases = testDatabases();
  const send = jest.fn(async () => {});
  const metrics = { planned: jest.fn(), finished: jest.fn() };

  async function ended(state: Run['state'], requestedBy = 'user:default/ann') {
    const knex = await databases.migrated('SQLITE_3');
    const runs = new DatabaseRunStore(knex);
    const plan = planOf('echo');
    await new PlanStore(knex).add(plan, {
      kind: 'rollout',
      createdBy: requestedBy,
    });
    const run = runOf(plan, { requestedBy });
    await runs.createRun(run, plan);
    const lease = (await runs.acquireLease(run.id, 'one', 15_000, new Date()))!;
    await runs.commit(lease, {
      run: { state, finishedAt: '2026-01-01T10:01:30.000Z' },
    });
    const teller = () =>
      new RunTeller({
        runs,
        notifications: { send },
        metrics,
        logger: mockServices.logger.mock(),
      });
    return { run, teller };
  }

  beforeEach(() => jest.clearAllMocks());

  it.each([
    ['succeeded', 'echo is rolled out on test', 'normal'],
    ['rolled-back', 'echo failed and is rolled back on test', 'high'],
    [
      'needs-attention',
      'echo failed and could not be rolled back on test',
      'high',
    ],
    ['failed', 'echo failed on test', 'high'],
    ['aborted', 'echo was stopped on test', 'high'],
  ] as const)('tells of a run that is %s', async (state, title, severity) => {
    const { run, teller } = await ended(state);
    await teller().tell(run.id);
    expect(send).toHaveBeenCalledWith({
      recipients: { type: 'entity', entityRef: 'user:default/ann' },
      payload: expect.objectContaining({
        title,
        severity,
        link: `/rollouts/runs/${run.id}`,
      }),
    });
    expect(metrics.finished).toHaveBeenCalledWith(state, 30);
  });

  it('tells once, whoever tries', async () => {
    const { run, teller } = await ended('succeeded');
    await Promise.all([teller().tell(run.id), teller().tell(run.id)]);
    await teller().tellForgotten();
    expect(send).toHaveBeenCalledTimes(1);
    expect(metrics.finished).toHaveBeenCalledTimes(1);
  });

  it('tells what a replica that died had left untold', async () => {
    const { teller } = await ended('succeeded');
    await teller().tellForgotten();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('counts, but tells nobody of what a service has started', async () => {
    const { run, teller } = await ended('succeeded', 'plugin:scaffolder');
    await teller().tell(run.id);
    expect(send).not.toHaveBeenCalled();
    expect(metrics.finished).toHaveBeenCalledTimes(1);
  });

  it('does not fail where there are no notifications', async () => {
    send.mockRejectedValueOnce(new Error('no such plugin'));
    const { run, teller } = await ended('succeeded');
    await expect(teller().tell(run.id)).resolves.toBeUndefined();
  });
});
