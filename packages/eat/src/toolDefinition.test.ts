import { toolDefinitionDigest } from './toolDefinition';
import { sampleCatalog } from './testdata/publisher';

const entry = () => (sampleCatalog().tools as any)[0];

describe('toolDefinitionDigest', () => {
  it('is the same for the same definition, however written', () => {
    const reversed = Object.fromEntries(Object.entries(entry()).reverse());
    expect(toolDefinitionDigest(reversed as any)).toBe(
      toolDefinitionDigest(entry()),
    );
  });

  it.each<[string, (tool: any) => void]>([
    ['name', t => (t.name = 'other')],
    ['description', t => (t.description += ' ')],
    ['server', t => (t['x-mcp-tool'].server_url += '/')],
    ['schema', t => (t.parameters = { type: 'object' })],
    ['annotations', t => (t.annotations = { destructiveHint: false })],
    ['spec', t => (t.spec_hash = `sha256:${'b'.repeat(64)}`)],
  ])('changes with the %s', (_, change) => {
    const tool = entry();
    change(tool);
    expect(toolDefinitionDigest(tool)).not.toBe(toolDefinitionDigest(entry()));
  });

  it('does not change with what a gateway adds', () => {
    expect(
      toolDefinitionDigest({ ...entry(), 'x-provenance': { seq: 1 } }),
    ).toBe(toolDefinitionDigest(entry()));
  });
});
