import { collectTools } from './toolList';

const tool = (name: unknown) => ({ name, inputSchema: { type: 'object' } });

describe('a tool list', () => {
  it('is followed to its last page', async () => {
    const pages: Record<string, object> = {
      first: { tools: [tool('a')], nextCursor: 'second' },
      second: { tools: [tool('b')] },
    };
    const list = await collectTools(
      async cursor => pages[cursor ?? 'first'] as any,
    );
    expect(list.tools.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(list.reasons).toEqual([]);
  });

  it('that goes round in circles is cut', async () => {
    const list = await collectTools(async () => ({
      tools: [],
      nextCursor: 'again',
    }));
    expect(list.reasons).toMatchObject([{ code: 'TOOLS_LIST_ENDLESS' }]);
  });

  it('that never ends is cut', async () => {
    let page = 0;
    const list = await collectTools(async () => ({
      tools: [tool(`t${page}`)],
      nextCursor: String(++page),
    }));
    expect(list.reasons).toMatchObject([{ code: 'TOOLS_LIST_ENDLESS' }]);
    expect(list.tools).toHaveLength(50);
  });

  it.each([
    ['no object', 'echo', 'TOOLS_INVALID'],
    ['no name', tool(undefined), 'TOOLS_INVALID'],
    ['a name with a line break', tool('a\nb'), 'TOOLS_INVALID'],
    ['no schema', { name: 'echo' }, 'TOOLS_INVALID'],
    [
      'a description without end',
      { ...tool('echo'), description: 'x'.repeat(300_000) },
      'TOO_LARGE',
    ],
  ])('leaves out a tool with %s, and says so', async (_, bad, code) => {
    const list = await collectTools(async () => ({
      tools: [bad, tool('good')],
    }));
    expect(list.tools.map(({ name }) => name)).toEqual(['good']);
    expect(list.reasons).toMatchObject([{ code }]);
  });

  it('with one name twice keeps the first', async () => {
    const list = await collectTools(async () => ({
      tools: [tool('echo'), tool('echo')],
    }));
    expect(list.tools).toHaveLength(1);
    expect(list.reasons).toMatchObject([
      { code: 'TOOLS_INVALID', message: 'The tool echo is listed twice.' },
    ]);
  });

  it('with too many tools is cut', async () => {
    const list = await collectTools(async () => ({
      tools: Array.from({ length: 6000 }, (_, n) => tool(`t${n}`)),
    }));
    expect(list.tools).toHaveLength(5000);
    expect(list.reasons).toMatchObject([{ code: 'TOO_LARGE' }]);
  });
});
