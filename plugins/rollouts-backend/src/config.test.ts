import { ConfigReader } from '@backstage/config';
import { readRolloutsConfig } from './config';

const read = (rollouts: object) =>
  readRolloutsConfig(
    new ConfigReader({ agentyard: { rollouts: { ...rollouts } } }),
  );

describe('readRolloutsConfig', () => {
  it('has defaults', () => {
    expect(readRolloutsConfig(new ConfigReader({}))).toEqual({
      maxConcurrentRuns: 100,
      maxObjects: 2_000,
      policy: {},
    });
  });

  it('reads what is set', () => {
    expect(
      read({
        maxConcurrentRuns: 3,
        maxObjects: 10,
        deadline: { minutes: 2 },
        crashLoopRestarts: 5,
      }),
    ).toEqual({
      maxConcurrentRuns: 3,
      maxObjects: 10,
      policy: { deadlineSeconds: 120, crashLoopRestarts: 5 },
    });
  });

  it.each([
    ['maxConcurrentRuns', 0],
    ['maxObjects', 1.5],
    ['crashLoopRestarts', -1],
  ])('refuses %s: %s by name', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(`agentyard.rollouts.${key}`);
  });
});
