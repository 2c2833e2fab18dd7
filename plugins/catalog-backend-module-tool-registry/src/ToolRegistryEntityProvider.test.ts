import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import { ToolRegistryEntityProvider } from './ToolRegistryEntityProvider';

describe('ToolRegistryEntityProvider', () => {
  it('asks once more, however many changes are announced while it asks', async () => {
    let asked = 0;
    let answer!: () => void;
    const mutations: EntityProviderMutation[] = [];
    const provider = new ToolRegistryEntityProvider({
      registry: {
        listEntities: () =>
          new Promise(resolve => {
            asked += 1;
            answer = () => resolve({ items: [] });
          }),
      },
      auth: mockServices.auth(),
      events: mockServices.events.mock(),
      logger: mockServices.logger.mock(),
      taskRunner: { run: async () => {} },
    });
    await provider.connect({
      applyMutation: async mutation => {
        mutations.push(mutation);
      },
      refresh: async () => {},
    });
    const askedTimes = async (times: number) => {
      while (asked < times) await new Promise(setImmediate);
      answer();
    };

    const all = [provider.refresh(), provider.refresh(), provider.refresh()];
    await askedTimes(1);
    await askedTimes(2);
    await Promise.all(all);

    expect(asked).toBe(2);
    expect(mutations).toHaveLength(2);
  });
});
