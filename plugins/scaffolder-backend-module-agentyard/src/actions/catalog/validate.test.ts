import yaml from 'yaml';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { generateCatalog } from '@agentyard/eat';
import { actionContext } from '../../testing/actionContext';
import { openApi } from '../../testing/openApi';
import { createCatalogValidateAction } from './validate';
import { examples } from './validate.examples';

const good = () =>
  JSON.parse(
    Buffer.from(
      generateCatalog({
        specs: [{ path: 'a.yaml', content: openApi(['get_order', 'list']) }],
        specBaseUrl: 'https://tools.example.org/specs/',
      }).bytes,
    ).toString(),
  );

describe('agentyard:catalog:validate', () => {
  const disk = createMockDirectory();
  const action = createCatalogValidateAction();

  async function validate(content: string | object, input: object = {}) {
    const text =
      typeof content === 'string' ? content : JSON.stringify(content);
    disk.setContent({ 'catalog.json': text });
    const { ctx, outputs } = actionContext(input, {
      workspacePath: disk.path,
    });
    await action.handler(ctx);
    return outputs;
  }

  it('passes a valid catalog', async () => {
    expect(await validate(good())).toEqual({ toolCount: 2, warnings: [] });
  });

  it('fails with every error, its code and its JSON pointer', async () => {
    const bad = good();
    bad.tools[0].name = 'get order';
    bad.tools[1].spec_hash = 'sha256:none';
    const error = await validate(bad).catch(e => e);
    expect(error).toMatchObject({ name: 'InputError', code: 'INVALID_FORMAT' });
    expect(error.message).toMatch(/INVALID_FORMAT at \/tools\/0\/name/);
    expect(error.message).toMatch(/INVALID_HASH at \/tools\/1\/spec_hash/);
  });

  it.each([
    ['no JSON', '{', 'INVALID_JSON'],
    [
      'a name that stands twice',
      '{"version":"1.0","version":"1.0"}',
      'DUPLICATE_KEY',
    ],
    ['no tools', '{"version":"1.0"}', 'MISSING_REQUIRED_FIELD'],
  ])('refuses %s', async (_, content, code) => {
    await expect(validate(content)).rejects.toMatchObject({ code });
  });

  it('lets http on localhost pass only where that was asked for', async () => {
    const local = good();
    local.tools[0]['x-mcp-tool'].server_url = 'http://localhost:3001/mcp';
    await expect(validate(local)).rejects.toMatchObject({
      code: 'INSECURE_URL',
    });
    expect(await validate(local, { allowLoopback: true })).toMatchObject({
      toolCount: 2,
    });
  });

  it('refuses a file that is not there', async () => {
    await expect(
      validate(good(), { catalogPath: 'none.json' }),
    ).rejects.toMatchObject({ code: 'CATALOG_NOT_FOUND' });
  });

  it('does not leave the workspace', async () => {
    await expect(
      validate(good(), { catalogPath: '../catalog.json' }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe(action.id);
    const { catalogPath = 'catalog.json' } = step.input ?? {};
    const parts = catalogPath.split('/');
    const tree = parts.reduceRight(
      (inner: any, part: string) => ({ [part]: inner }),
      JSON.stringify(good()),
    );
    disk.setContent(tree);
    const { ctx, outputs } = actionContext(step.input ?? {}, {
      workspacePath: disk.path,
    });
    await action.handler(ctx);
    expect(outputs.toolCount).toBe(2);
  });
});
