import fs from 'node:fs';
import yaml from 'yaml';
import {
  createMockDirectory,
  MockDirectoryContent,
} from '@backstage/backend-test-utils';
import { sha256 } from '@agentyard/eat';
import { actionContext } from '../../testing/actionContext';
import { openApi } from '../../testing/openApi';
import { createCatalogGenerateAction } from './generate';
import { examples } from './generate.examples';

const specBaseUrl = 'https://tools.example.org/specs/orders/';

describe('agentyard:catalog:generate', () => {
  const disk = createMockDirectory();
  const action = createCatalogGenerateAction();
  const context = (input: object) =>
    actionContext(input, { workspacePath: disk.path });

  beforeEach(() => disk.clear());

  it('writes the catalog and says which tools are in it', async () => {
    const spec = openApi(['list_orders', 'get_order']);
    disk.setContent({
      specs: { v1: { 'orders.yaml': spec }, 'README.md': 'no document' },
    });
    const { ctx, outputs } = context({ specBaseUrl });
    await action.handler(ctx);
    expect(outputs).toEqual({
      catalogPath: 'catalog.json',
      toolCount: 2,
      tools: ['get_order', 'list_orders'],
    });
    expect(
      JSON.parse(fs.readFileSync(disk.resolve('catalog.json'), 'utf8')),
    ).toMatchObject({
      version: '1.0',
      tools: [
        {
          name: 'get_order',
          spec_url: `${specBaseUrl}v1/orders.yaml`,
          spec_hash: sha256(spec),
          'x-mcp-tool': { server_url: 'https://mcp.example.org/mcp' },
        },
        { name: 'list_orders' },
      ],
    });
  });

  it('writes the same bytes for the same documents', async () => {
    disk.setContent({ specs: { 'orders.yaml': openApi(['get_order']) } });
    const bytes = async (catalogPath: string) => {
      await action.handler(context({ specBaseUrl, catalogPath }).ctx);
      return fs.readFileSync(disk.resolve(catalogPath));
    };
    expect(await bytes('one.json')).toEqual(await bytes('two.json'));
  });

  it.each([
    {
      case: 'no folder of documents',
      content: {},
      code: 'SPECS_NOT_FOUND',
    },
    {
      case: 'a folder without documents',
      content: { specs: { 'README.md': '' } },
      code: 'SPECS_NOT_FOUND',
    },
    {
      case: 'a document that is not UTF-8',
      content: { specs: { 'a.yaml': Buffer.from([0x61, 0xff]) } },
      code: 'SPEC_NOT_UTF8',
    },
    {
      case: 'two tools of one name',
      content: {
        specs: {
          'a.yaml': openApi(['get_order']),
          'b.yaml': openApi(['get_order']),
        },
      },
      code: 'DUPLICATE_TOOL_NAME',
    },
    {
      case: 'a tool without the address of its server',
      content: {
        specs: {
          'a.yaml': openApi(['get_order']).replace(/server_url.*/, 'a: 1'),
        },
      },
      code: 'MISSING_REQUIRED_FIELD',
    },
  ])('refuses $case, and writes nothing', async ({ content, code }) => {
    disk.setContent(content as MockDirectoryContent);
    await expect(
      action.handler(context({ specBaseUrl }).ctx),
    ).rejects.toMatchObject({
      name: 'InputError',
      code,
      message: expect.stringContaining(code),
    });
    expect(fs.existsSync(disk.resolve('catalog.json'))).toBe(false);
  });

  it('says in which document and where', async () => {
    disk.setContent({
      specs: {
        'orders.yaml': openApi(['get_order']).replace(/server_url.*/, 'a: 1'),
      },
    });
    await expect(action.handler(context({ specBaseUrl }).ctx)).rejects.toThrow(
      /orders\.yaml#.*\/paths\/~1get_order\/post/,
    );
  });

  it.each([{ specsDirectory: '../outside' }, { catalogPath: '../out.json' }])(
    'does not leave the workspace by %j',
    async input => {
      disk.setContent({ specs: { 'a.yaml': openApi(['get_order']) } });
      await expect(
        action.handler(context({ specBaseUrl, ...input }).ctx),
      ).rejects.toMatchObject({ name: 'NotAllowedError' });
    },
  );

  it('does not follow a link out of the workspace', async () => {
    disk.setContent({
      'outside.yaml': openApi(['stolen']),
      work: { specs: { 'a.yaml': openApi(['get_order']) } },
    });
    fs.symlinkSync(
      disk.resolve('outside.yaml'),
      disk.resolve('work/specs/b.yaml'),
    );
    const { ctx, outputs } = actionContext(
      { specBaseUrl },
      { workspacePath: disk.resolve('work') },
    );
    await action.handler(ctx);
    expect(outputs.tools).toEqual(['get_order']);
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe(action.id);
    const folder = step.input.specsDirectory ?? 'specs';
    disk.setContent({ [folder]: { 'a.yaml': openApi(['get_order']) } });
    const { ctx, outputs } = context(step.input);
    await action.handler(ctx);
    const catalog = JSON.parse(
      fs.readFileSync(disk.resolve(outputs.catalogPath), 'utf8'),
    );
    expect(catalog.metadata?.publisher).toBe(step.input.publisher);
    expect(catalog.tools).toHaveLength(1);
  });
});
