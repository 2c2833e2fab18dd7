import type { ObjectProgress, RunEvent } from '@agentyard/kube-rollout';
import { mockServices } from '@backstage/backend-test-utils';
import type { NewRunEvent, RunEventStore } from '../database/RunEventStore';
import { RunFeed } from './RunFeed';

const at = '2026-01-01T10:00:00.000Z';
const runId = 'run-1';

function object(state: ObjectProgress['state'], message?: string): RunEvent {
  return {
    type: 'object',
    runId,
    at,
    phase: 'rollout',
    object: {
      ref: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'tools',
        name: 'echo',
      },
      level: 0,
      action: 'create',
      state,
      message,
    },
  };
}

describe('RunFeed', () => {
  const append = jest.fn<Promise<boolean>, [string, NewRunEvent[], string?]>();
  const publish = jest.fn<Promise<void>, [string]>();
  let feed: RunFeed;

  beforeEach(() => {
    append.mockReset().mockResolvedValue(true);
    publish.mockReset().mockResolvedValue();
    feed = new RunFeed({
      runId,
      holder: 'one',
      events: { append } as unknown as RunEventStore,
      publish,
      logger: mockServices.logger.mock(),
    });
  });

  it('writes lines for people, in order, under its holder, and then says that the run changed', async () => {
    feed.receive({ type: 'state', runId, at, state: 'applying' });
    feed.receive(object('in-progress', '1 of 2 pods available'));
    feed.receive({
      type: 'evidence',
      runId,
      at,
      evidence: {
        class: 'terminal',
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'tools',
          name: 'echo',
        },
        pod: 'echo-1',
        container: 'main',
        reason: 'ErrImagePull',
        message: 'not found',
        at,
      },
    });
    feed.receive({
      type: 'state',
      runId,
      at,
      state: 'rolling-back',
      message: 'echo failed',
    });
    await feed.close();

    expect(append).toHaveBeenCalledTimes(1);
    expect(append).toHaveBeenCalledWith(
      runId,
      [
        { at, level: 'info', message: 'applying' },
        {
          at,
          level: 'info',
          message: 'Deployment tools/echo in-progress: 1 of 2 pods available',
        },
        {
          at,
          level: 'error',
          message:
            'Deployment tools/echo, pod echo-1, container main: ErrImagePull: not found',
        },
        { at, level: 'warn', message: 'rolling-back: echo failed' },
      ],
      'one',
    );
    expect(publish.mock.calls).toEqual([[runId]]);
  });

  it('writes a line when the state of an object changes, not for each step of it', async () => {
    feed.receive(object('in-progress', '0 of 2'));
    feed.receive(object('in-progress', '1 of 2'));
    feed.receive(object('ready'));
    await feed.close();
    expect(append.mock.calls[0][1].map(line => line.message)).toEqual([
      'Deployment tools/echo in-progress: 0 of 2',
      'Deployment tools/echo ready',
    ]);
  });

  it('gathers what happens at once into one signal, and signals what has no line too', async () => {
    feed.receive(object('in-progress', '0 of 2'));
    await new Promise(done => setTimeout(done, 400));
    for (let i = 0; i < 100; i++) feed.receive(object('in-progress', `${i}`));
    await feed.close();
    expect(publish).toHaveBeenCalledTimes(2);
    expect(append).toHaveBeenCalledTimes(1);
  });

  it('keeps lines that cannot be written for the next try', async () => {
    append.mockRejectedValueOnce(new Error('database is away'));
    feed.receive({ type: 'state', runId, at, state: 'applying' });
    await new Promise(done => setTimeout(done, 400));
    feed.receive({ type: 'state', runId, at, state: 'succeeded' });
    await feed.close();
    expect(append.mock.calls[1][1].map(line => line.message)).toEqual([
      'applying',
      'succeeded',
    ]);
  });

  it('has nothing to say when nothing happened', async () => {
    await feed.close();
    expect(append).not.toHaveBeenCalled();
    expect(publish).not.toHaveBeenCalled();
  });
});
