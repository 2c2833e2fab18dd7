import type { JsonValue } from './strictJson';
import { sampleCatalog } from './testdata/publisher';
import { validateCatalog } from './validateCatalog';
import type { ValidationOptions } from './validateCatalog';

const changed = (change: (catalog: any, tool: any) => void): JsonValue => {
  const catalog = sampleCatalog() as any;
  change(catalog, catalog.tools[0]);
  return catalog;
};

const toolErrors = (catalog: JsonValue, options?: ValidationOptions) =>
  validateCatalog(catalog, options).rejectedTools.flatMap(({ problems }) =>
    problems.map(({ code, pointer }) => `${code} ${pointer}`),
  );

const compat = { profile: 'eat-compat' } as const;

describe('validateCatalog', () => {
  it('finds nothing wrong with a sound catalog', () => {
    const validation = validateCatalog(sampleCatalog());
    expect(validation).toMatchObject({
      valid: true,
      rootErrors: [],
      rejectedTools: [],
      warnings: [],
    });
    expect(validation.tools[0]).toEqual({
      name: 'add',
      description: 'The tool add',
      version: '1.0.0',
      specUrl: 'https://tools.example.org/specs/add.json',
      specHash: `sha256:${'a'.repeat(64)}`,
      serverUrl: 'https://mcp.example.org/mcp',
      method: 'POST',
      capabilities: [],
      examples: [],
      pointer: '/tools/0',
      entry: (sampleCatalog().tools as any)[0],
    });
  });

  it('takes no tools, an empty description and unknown members', () => {
    expect(
      validateCatalog({ version: '1.0', tools: [], extra: {} }).valid,
    ).toBe(true);
    expect(
      validateCatalog(
        changed((_, tool) => {
          tool.description = '';
          tool.annotations = { any: 'thing' };
        }),
      ).valid,
    ).toBe(true);
  });

  it.each<[string, JsonValue, string]>([
    ['is no object', [], 'INVALID_TYPE '],
    ['has no version', { tools: [] }, 'MISSING_REQUIRED_FIELD /version'],
    [
      'has another version',
      { version: '2.0', tools: [] },
      'INVALID_VERSION /version',
    ],
    [
      'has a number as version',
      { version: 1.0, tools: [] },
      'INVALID_VERSION /version',
    ],
    ['has no tools', { version: '1.0' }, 'MISSING_REQUIRED_FIELD /tools'],
    [
      'has tools that are no list',
      { version: '1.0', tools: {} },
      'INVALID_TYPE /tools',
    ],
    [
      'has metadata that is no object',
      { version: '1.0', tools: [], metadata: 'x' },
      'INVALID_TYPE /metadata',
    ],
    [
      'has a title that is no text',
      { version: '1.0', tools: [], metadata: { title: 1 } },
      'INVALID_TYPE /metadata/title',
    ],
    [
      'was made on no date',
      { version: '1.0', tools: [], metadata: { generated_at: './specs' } },
      'INVALID_FORMAT /metadata/generated_at',
    ],
  ])('rejects a catalog that %s', (_, catalog, expected) => {
    const { valid, rootErrors, tools } = validateCatalog(catalog);
    expect(valid).toBe(false);
    expect(tools).toEqual([]);
    expect(rootErrors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(
      [expected],
    );
  });

  it.each<[string, (tool: any) => void, string]>([
    ['no name', t => delete t.name, 'MISSING_REQUIRED_FIELD /tools/0/name'],
    [
      'a name with a dot',
      t => (t.name = 'a.b'),
      'INVALID_FORMAT /tools/0/name',
    ],
    ['an empty name', t => (t.name = ''), 'INVALID_FORMAT /tools/0/name'],
    [
      'a name in confusable letters',
      t => (t.name = 'аdd'),
      'INVALID_FORMAT /tools/0/name',
    ],
    ['a number as name', t => (t.name = 1), 'INVALID_TYPE /tools/0/name'],
    [
      'no description',
      t => delete t.description,
      'MISSING_REQUIRED_FIELD /tools/0/description',
    ],
    [
      'no spec',
      t => delete t.spec_url,
      'MISSING_REQUIRED_FIELD /tools/0/spec_url',
    ],
    [
      'a relative spec',
      t => (t.spec_url = '/specs/a.yaml'),
      'INVALID_URL /tools/0/spec_url',
    ],
    [
      'a spec on its disk',
      t => (t.spec_url = 'file:///etc/passwd'),
      'INVALID_URL /tools/0/spec_url',
    ],
    [
      'credentials in a URL',
      t => (t.spec_url = 'https://a:b@x.example/'),
      'INVALID_URL /tools/0/spec_url',
    ],
    [
      'a scheme without slashes',
      t => (t.spec_url = 'https:x.example/'),
      'INVALID_URL /tools/0/spec_url',
    ],
    [
      'a spec over http',
      t => (t.spec_url = 'http://x.example/'),
      'INSECURE_URL /tools/0/spec_url',
    ],
    [
      'a version with suffix',
      t => (t.version = '1.0.0-rc1'),
      'INVALID_VERSION_FORMAT /tools/0/version',
    ],
    [
      'no spec hash',
      t => delete t.spec_hash,
      'SPEC_HASH_MISSING /tools/0/spec_hash',
    ],
    [
      'a bare hash',
      t => (t.spec_hash = 'a'.repeat(64)),
      'INVALID_HASH /tools/0/spec_hash',
    ],
    [
      'a hash of 66 digits',
      t => (t.spec_hash = `sha256:${'a'.repeat(66)}`),
      'INVALID_HASH /tools/0/spec_hash',
    ],
    [
      'an upper-case hash',
      t => (t.spec_hash = `sha256:${'A'.repeat(64)}`),
      'INVALID_HASH /tools/0/spec_hash',
    ],
    [
      'no x-mcp-tool',
      t => delete t['x-mcp-tool'],
      'MISSING_REQUIRED_FIELD /tools/0/x-mcp-tool',
    ],
    [
      'x-mcp-tool that is no object',
      t => (t['x-mcp-tool'] = true),
      'INVALID_TYPE /tools/0/x-mcp-tool',
    ],
    [
      'no server',
      t => (t['x-mcp-tool'] = {}),
      'MISSING_REQUIRED_FIELD /tools/0/x-mcp-tool/server_url',
    ],
    [
      'another method',
      t => (t['x-mcp-tool'].method = 'PUT'),
      'INVALID_FORMAT /tools/0/x-mcp-tool/method',
    ],
    [
      'a path that is no text',
      t => (t['x-mcp-tool'].path = 1),
      'INVALID_TYPE /tools/0/x-mcp-tool/path',
    ],
    [
      'one capability as text',
      t => (t['x-mcp-tool'].capabilities = 'a'),
      'INVALID_TYPE /tools/0/x-mcp-tool/capabilities',
    ],
    [
      'examples that are no list',
      t => (t['x-mcp-tool'].examples = {}),
      'INVALID_TYPE /tools/0/x-mcp-tool/examples',
    ],
    [
      'an example that is no object',
      t => (t['x-mcp-tool'].examples = ['x']),
      'INVALID_TYPE /tools/0/x-mcp-tool/examples/0',
    ],
  ])('rejects a tool with %s, and it alone', (_, change, expected) => {
    const catalog = changed((__, tool) => change(tool));
    expect(toolErrors(catalog)).toEqual([expected]);
    expect(validateCatalog(catalog).tools.map(({ name }) => name)).toEqual([
      'echo',
    ]);
  });

  it('rejects the second tool of a name', () => {
    const catalog = changed((c, tool) => c.tools.push({ ...tool }));
    expect(toolErrors(catalog)).toEqual(['DUPLICATE_TOOL_NAME /tools/2/name']);
    expect(validateCatalog(catalog).tools).toHaveLength(2);
  });

  it('reports all errors, not only the first', () => {
    const catalog = changed((c, tool) => {
      c.version = '1';
      tool.name = 'a b';
      tool.spec_url = 'x';
      delete c.tools[1].description;
    });
    const validation = validateCatalog(catalog);
    expect(validation.rootErrors).toHaveLength(1);
    expect(toolErrors(catalog)).toEqual([
      'INVALID_FORMAT /tools/0/name',
      'INVALID_URL /tools/0/spec_url',
      'MISSING_REQUIRED_FIELD /tools/1/description',
    ]);
  });

  it('warns of texts as example data, which published samples have', () => {
    const validation = validateCatalog(
      changed((_, tool) => {
        tool['x-mcp-tool'].examples = [
          { description: 'd', input: 'x', output: { y: 1 } },
        ];
      }),
    );
    expect(validation.valid).toBe(true);
    expect(validation.tools[0].examples).toEqual([
      { description: 'd', output: { y: 1 } },
    ]);
    expect(validation.warnings).toMatchObject([
      { pointer: '/tools/0/x-mcp-tool/examples/0/input' },
    ]);
  });

  it('takes http on this machine if told, and nowhere else', () => {
    const at = (server: string) =>
      toolErrors(
        changed((_, tool) => {
          tool['x-mcp-tool'].server_url = server;
        }),
        { allowLoopback: true },
      );
    for (const host of ['localhost:3001', '127.0.0.1', '[::1]:3001']) {
      expect(at(`http://${host}/mcp`)).toEqual([]);
    }
    for (const host of ['10.0.0.1', 'localhost.evil.example', '127.0.0.1.x']) {
      expect(at(`http://${host}/mcp`)).toEqual([
        'INSECURE_URL /tools/0/x-mcp-tool/server_url',
      ]);
    }
  });

  describe('in eat-compat', () => {
    it('reads what the Python generator writes, with a warning each', () => {
      const validation = validateCatalog(
        changed((c, tool) => {
          c.metadata.generated_at = './specs';
          c.metadata.generator = 'eat-gen';
          tool.spec_hash = 'b'.repeat(64);
          tool['x-mcp-tool'].method = 'PUT';
          tool.parameters = { type: 'object' };
        }),
        compat,
      );
      expect(validation.valid).toBe(true);
      expect(validation.tools[0]).toMatchObject({
        specHash: `sha256:${'b'.repeat(64)}`,
        method: 'POST',
        entry: { parameters: { type: 'object' } },
      });
      expect(validation.warnings.map(({ pointer }) => pointer)).toEqual([
        '/metadata/generated_at',
        '/tools/0/spec_hash',
        '/tools/0/x-mcp-tool/method',
      ]);
    });

    it('maps the legacy form, and still wants its spec', () => {
      const legacy = {
        id: 'lookup',
        description: 'Looks up',
        capability: 'search',
        server_url: 'https://mcp.example.org/mcp',
        schema: { input: { type: 'object' } },
      };
      const catalog = { version: '1.0', tools: [legacy] };
      expect(toolErrors(catalog, compat)).toEqual([
        'MISSING_REQUIRED_FIELD /tools/0/spec_url',
      ]);
      const approved = {
        ...legacy,
        spec_url: 'https://tools.example.org/specs/lookup.json',
      };
      const validation = validateCatalog(
        { version: '1.0', tools: [approved] },
        compat,
      );
      expect(validation.tools).toMatchObject([
        {
          name: 'lookup',
          serverUrl: 'https://mcp.example.org/mcp',
          capabilities: ['search'],
          entry: approved,
        },
      ]);
    });

    it('reads metadata.issuer as publisher, and warns if it is another', () => {
      const { rootErrors, warnings } = validateCatalog(
        changed(c => {
          c.metadata = { issuer: 'did:web:evil.example' };
        }),
        { ...compat, publisher: 'did:web:tools.example.org' },
      );
      expect(rootErrors).toEqual([]);
      expect(warnings.map(({ code }) => code)).toEqual([
        'DIALECT',
        'ISSUER_UNTRUSTED',
      ]);
    });
  });
});
