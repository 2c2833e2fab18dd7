import { toEntityName, toHashedEntityName, toServerId } from './names';

const VALID = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

describe('toEntityName', () => {
  it('keeps a valid name', () => {
    expect(toEntityName('orders.get_order')).toBe('orders.get_order');
    expect(toEntityName('a'.repeat(63))).toBe('a'.repeat(63));
  });

  it.each([
    ['a name that ends badly', 'orders.get_'],
    ['a name that begins badly', '_orders'],
    ['a name that is too long', `orders.${'x'.repeat(60)}`],
    ['a name of which nothing is valid', '日本語'],
    ['the empty name', ''],
    ['an address', 'mcp.example.org/orders/mcp'],
    ['a cut that would end badly', `${'x'.repeat(53)}.${'y'.repeat(20)}`],
  ])('alters %s, always in the same way', (_, text) => {
    const name = toEntityName(text);

    expect(name).toMatch(VALID);
    expect(name.length).toBeLessThanOrEqual(63);
    expect(toEntityName(text)).toBe(name);
  });

  it('keeps apart what looks alike when altered', () => {
    expect(toEntityName('a/b')).not.toBe(toEntityName('a b'));
    expect(toHashedEntityName('orders', 'one')).not.toBe(
      toHashedEntityName('orders', 'two'),
    );
  });
});

describe('toServerId', () => {
  it('is one for all spellings of a URL', () => {
    expect(toServerId('HTTPS://MCP.example.org:443/mcp#tools')).toBe(
      toServerId('https://mcp.example.org/mcp'),
    );
  });

  it('tells paths and queries apart', () => {
    expect(toServerId('https://mcp.example.org/mcp')).not.toBe(
      toServerId('https://mcp.example.org/mcp/'),
    );
  });
});
