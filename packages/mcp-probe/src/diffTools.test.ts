import { diffTools } from './diffTools';

const live = (name: string, part: object = {}) => ({
  name,
  inputSchema: { type: 'object' },
  ...part,
});

describe('tools compared', () => {
  it('do not differ for what the catalog does not declare', () => {
    expect(
      diffTools([{ name: 'get_order' }], [live('get_order', { title: 'Get' })]),
    ).toEqual({ missing: [], extra: [], changed: [] });
  });

  it('tell what the server lacks and what it adds, in order', () => {
    expect(
      diffTools([{ name: 'c' }, { name: 'a' }], [live('z'), live('b')]),
    ).toEqual({ missing: ['a', 'c'], extra: ['b', 'z'], changed: [] });
  });

  it('tell which members changed', () => {
    const declared = {
      name: 'get_order',
      description: 'Read one order',
      inputSchema: { type: 'object', required: ['orderId'] },
    };
    expect(
      diffTools([declared], [live('get_order', { description: 'Delete all' })])
        .changed,
    ).toEqual([{ name: 'get_order', members: ['description', 'inputSchema'] }]);
  });
});
