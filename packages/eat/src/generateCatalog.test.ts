import { sha256 } from './canonicalJson';
import type { EatError } from './errors';
import { generateCatalog } from './generateCatalog';
import type { GenerateOptions } from './generateCatalog';
import { validateCatalog } from './validateCatalog';

const SERVER = 'https://mcp.example.org/mcp';

const yaml = (paths: string, rest = '') => `openapi: 3.1.0
info: { title: T, version: 1.2.3 }
${rest}paths:
${paths}`;

const operation = (name: string, more = '') => `  /${name}:
    get:
      operationId: ${name}
      x-mcp-tool: { server_url: '${SERVER}' }
${more}`;

const generate = (
  specs: Record<string, string | object>,
  options: Partial<GenerateOptions> = {},
) =>
  generateCatalog({
    specs: Object.entries(specs).map(([path, content]) => ({
      path,
      content: typeof content === 'string' ? content : JSON.stringify(content),
    })),
    specBaseUrl: 'https://tools.example.org/specs',
    ...options,
  });

const problemsOf = (specs: Record<string, string | object>) => {
  try {
    generate(specs);
  } catch (error) {
    return (error as EatError).problems.map(({ code, path, pointer }) =>
      `${code} ${path} ${pointer ?? ''}`.trim(),
    );
  }
  return [];
};

describe('generateCatalog', () => {
  it('makes a tool of each operation with x-mcp-tool, by name', () => {
    const { catalog } = generate({
      'b/two.yml': yaml(operation('zeta') + operation('beta')),
      'a.json': {
        openapi: '3.0.3',
        info: { title: 'A', version: '1.0.0' },
        paths: {
          '/plain': { get: { operationId: 'plain' } },
          '/alpha/{id}': {
            post: {
              operationId: 'alpha',
              description: 'Long',
              summary: 'Short',
              'x-mcp-tool': {
                server_url: SERVER,
                method: 'GET',
                path: '/own',
                capabilities: ['x'],
                rate_limits: { requests_per_minute: 60 },
              },
            },
          },
        },
      },
      'README.md': 'not a spec',
    });
    expect(catalog.tools.map(({ name }) => name)).toEqual([
      'alpha',
      'beta',
      'zeta',
    ]);
    expect(catalog.tools[0]).toMatchObject({
      description: 'Long',
      version: '1.0.0',
      spec_url: 'https://tools.example.org/specs/a.json',
      'x-mcp-tool': {
        server_url: SERVER,
        method: 'GET',
        path: '/own',
        capabilities: ['x'],
        rate_limits: { requests_per_minute: 60 },
      },
    });
    expect(catalog.tools[1]).toMatchObject({
      description: '',
      spec_url: 'https://tools.example.org/specs/b/two.yml',
      'x-mcp-tool': { method: 'POST', path: '/beta' },
    });
    expect(validateCatalog(catalog as never).valid).toBe(true);
  });

  it('gives the same bytes for the same specs in any order', () => {
    const one = {
      'a.yaml': yaml(operation('a')),
      'b.yaml': yaml(operation('b')),
    };
    const other = { 'b.yaml': one['b.yaml'], 'a.yaml': one['a.yaml'] };
    expect(generate(one).bytes).toEqual(generate(other).bytes);
  });

  it('hashes the raw bytes of the spec, as served', () => {
    const text = yaml(operation('a'));
    const windows = text.replaceAll('\n', '\r\n');
    const hashOf = (content: string) =>
      generate({ 'a.yaml': content }).catalog.tools[0].spec_hash;
    expect(hashOf(text)).toBe(sha256(Buffer.from(text)));
    expect(hashOf(windows)).toBe(sha256(Buffer.from(windows)));
    expect(hashOf(windows)).not.toBe(hashOf(text));
  });

  it('names an operation without id by verb and path', () => {
    const { catalog } = generate({
      'a.yaml': yaml(`  /orders/{order-id}/lines:
    get:
      x-mcp-tool: { server_url: '${SERVER}' }
`),
    });
    expect(catalog.tools[0].name).toBe('get_orders_order-id_lines');
  });

  it('leaves out a version that is none, and says so', () => {
    const { catalog, warnings } = generate({
      'a.yaml': yaml(operation('a')).replace('1.2.3', '2024-01'),
    });
    expect(catalog.tools[0]).not.toHaveProperty('version');
    expect(warnings).toMatchObject([
      { code: 'INVALID_VERSION_FORMAT', path: 'a.yaml' },
    ]);
  });

  it('makes an empty catalog of specs without tools', () => {
    const { catalog } = generate({
      'a.yaml': 'openapi: 3.1.0\ninfo: { title: T, version: 1.0.0 }\n',
    });
    expect(catalog.tools).toEqual([]);
  });

  it('writes times in UTC to the second', () => {
    const { catalog } = generate(
      {},
      { generatedAt: new Date('2026-09-01T10:00:00.123+02:00') },
    );
    expect(catalog.metadata?.generated_at).toBe('2026-09-01T08:00:00Z');
  });

  it('follows $ref within the spec: path items, parameters, bodies', () => {
    const { warnings, catalog } = generate({
      'a.yaml': `openapi: 3.1.0
info: { title: T, version: 1.0.0 }
paths:
  /a/{id}:
    $ref: '#/components/pathItems/A'
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: string } }
  schemas:
    Body: { type: object, properties: { note: { type: string } } }
  pathItems:
    A:
      parameters: [ { $ref: '#/components/parameters/Id' } ]
      post:
        operationId: a
        requestBody:
          content:
            application/json: { schema: { $ref: '#/components/schemas/Body' } }
        x-mcp-tool:
          server_url: ${SERVER}
          examples:
            - input: { id: '1', note: 'x' }
            - input: { other: 1 }
`,
    });
    expect(catalog.tools).toHaveLength(1);
    expect(warnings.map(({ pointer }) => pointer)).toEqual([
      '/paths/~1a~1{id}/post/x-mcp-tool/examples/1/input',
    ]);
  });

  it.each([
    ['an empty extension', 'x-mcp-tool: {}', 'INVALID_TYPE', '/x-mcp-tool'],
    [
      'an extension that is no object',
      'x-mcp-tool: true',
      'INVALID_TYPE',
      '/x-mcp-tool',
    ],
    [
      'no server, whatever "servers" says',
      'x-mcp-tool: { capabilities: [] }',
      'MISSING_REQUIRED_FIELD',
      '/x-mcp-tool/server_url',
    ],
    [
      'a relative server',
      'x-mcp-tool: { server_url: /mcp }',
      'INVALID_URL',
      '/x-mcp-tool/server_url',
    ],
    [
      'a server over http',
      'x-mcp-tool: { server_url: "http://x.example/mcp" }',
      'INVALID_URL',
      '/x-mcp-tool/server_url',
    ],
    [
      'another method',
      `x-mcp-tool: { server_url: '${SERVER}', method: PUT }`,
      'INVALID_FORMAT',
      '/x-mcp-tool/method',
    ],
    [
      'a text as example',
      `x-mcp-tool: { server_url: '${SERVER}', examples: [ { input: x } ] }`,
      'INVALID_TYPE',
      '/x-mcp-tool/examples/0',
    ],
  ])('refuses %s', (_, extension, code, at) => {
    expect(
      problemsOf({
        'a.yaml': yaml(
          `  /a:
    get:
      operationId: a
      ${extension}
`,
          'servers: [ { url: https://api.example.org } ]\n',
        ),
      }),
    ).toEqual([`${code} a.yaml /paths/~1a/get${at}`]);
  });

  it('refuses an illegal name and a name given twice', () => {
    expect(problemsOf({ 'a.yaml': yaml(operation('a.b')) })).toEqual([
      'INVALID_FORMAT a.yaml /paths/~1a.b/get/operationId',
    ]);
    expect(
      problemsOf({
        'a.yaml': yaml(operation('a')),
        'b.yaml': yaml(operation('a')),
      }),
    ).toEqual(['DUPLICATE_TOOL_NAME b.yaml /paths/~1a/get']);
  });

  it('refuses a name that means two arguments', () => {
    const spec = yaml(`  /a/{id}:
    parameters: [ { name: id, in: path } ]
    post:
      operationId: a
      requestBody:
        content: { application/json: { schema: { properties: { id: {} } } } }
      x-mcp-tool: { server_url: '${SERVER}' }
`);
    expect(problemsOf({ 'a.yaml': spec })).toEqual([
      'NAME_COLLISION a.yaml /paths/~1a~1{id}/post',
    ]);
  });

  it.each([
    [
      'a remote $ref',
      yaml(`  /a: { $ref: 'https://evil.example/a.yaml' }\n`),
      'SPEC_UNSAFE',
    ],
    [
      'a $ref to another file',
      yaml(`  /a: { $ref: './b.yaml#/x' }\n`),
      'SPEC_UNSAFE',
    ],
    [
      'a remote $ref somewhere below',
      yaml(
        operation('a'),
        `components: { schemas: { A: { $ref: 'other.json' } } }\n`,
      ),
      'SPEC_UNSAFE',
    ],
    [
      'a $ref to nothing',
      yaml(`  /a: { $ref: '#/components/x' }\n`),
      'SPEC_INVALID',
    ],
    [
      'a $ref in a circle',
      yaml(`  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n`),
      'SPEC_INVALID',
    ],
    ['an alias that holds itself', yaml(`  /a: &a { x: *a }\n`), 'SPEC_UNSAFE'],
    [
      'deep nesting',
      yaml(`  /a: ${'['.repeat(100)}${']'.repeat(100)}\n`),
      'SPEC_UNSAFE',
    ],
    [
      'nesting that exhausts the stack',
      yaml(`  /a: ${'['.repeat(200_000)}\n`),
      'SPEC_UNSAFE',
    ],
    [
      'block nesting that exhausts the stack',
      yaml(`  /a:\n    ${'- '.repeat(20_000)}x\n`),
      'SPEC_UNSAFE',
    ],
    ['doubled keys', yaml('  /a: {}\n  /a: {}\n'), 'DUPLICATE_KEY'],
    ['broken YAML', 'openapi: [', 'SPEC_INVALID'],
    ['a number that JSON has not', yaml('  /a: { x: .nan }\n'), 'SPEC_INVALID'],
    ['Swagger 2', 'swagger: "2.0"', 'SPEC_INVALID'],
    ['OpenAPI 4', 'openapi: 4.0.0', 'SPEC_INVALID'],
    ['a list', '- a', 'SPEC_INVALID'],
    [
      'parameters that are no list',
      yaml(operation('a', '      parameters: {}\n')),
      'SPEC_INVALID',
    ],
  ])('refuses %s', (_, spec, code) => {
    expect(problemsOf({ 'a.yaml': spec })[0]).toMatch(`${code} a.yaml`);
  });

  it('refuses a bomb of YAML aliases, quickly', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++) {
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    }
    const start = performance.now();
    expect(
      problemsOf({ 'a.yaml': `openapi: 3.1.0\n${lines.join('\n')}\n` })[0],
    ).toMatch('SPEC_UNSAFE');
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('takes aliases in moderation', () => {
    const spec = yaml(`  /a:
    get:
      operationId: a
      x-mcp-tool: &mcp { server_url: '${SERVER}' }
  /b:
    get:
      operationId: b
      x-mcp-tool: *mcp
`);
    expect(generate({ 'a.yaml': spec }).catalog.tools).toHaveLength(2);
  });

  it('tells of all that is wrong, in all specs, and makes nothing', () => {
    expect(
      problemsOf({
        'a.yaml': yaml(operation('a.b') + operation('c d')),
        'b.json': '{"openapi":"3.1.0","openapi":"3.0.0"}',
        'c.yaml': yaml(operation('fine')),
      }),
    ).toEqual([
      'INVALID_FORMAT a.yaml /paths/~1a.b/get/operationId',
      'INVALID_FORMAT a.yaml /paths/~1c d/get/operationId',
      'DUPLICATE_KEY b.json /openapi',
    ]);
  });

  it.each(['../a.yaml', '/a.yaml', 'a//b.yaml', './a.yaml'])(
    'refuses the path %p',
    path => {
      expect(() => generate({ [path]: yaml(operation('a')) })).toThrow(
        expect.objectContaining({ code: 'SPEC_INVALID' }),
      );
    },
  );

  it('refuses a base URL without https, but takes this machine', () => {
    const at = (specBaseUrl: string) => generate({}, { specBaseUrl });
    expect(() => at('http://tools.example.org/specs')).toThrow(
      expect.objectContaining({ code: 'INVALID_URL' }),
    );
    expect(at('http://localhost:7007/specs').catalog.tools).toEqual([]);
  });
});
