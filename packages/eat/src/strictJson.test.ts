import { parseJson } from './strictJson';

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('parseJson', () => {
  it.each([
    ['an object', '{"a":[1,2.5,-0,1e3,true,null,"é"]}'],
    ['a bare text', '"x"'],
    ['names that only look doubled', '{"a":{"a":1},"b":{"a":"\\"a\\":1,{"}}'],
    ['NFC and NFD, which stay distinct', '{"é":"NFC","e\u0301":"NFD"}'],
    ['colons and brackets in texts', '{"a":"]}:{[","b\\\\":":"}'],
    ['__proto__ as a plain name', '{"__proto__":{"x":1}}'],
    ['a whole surrogate pair, escaped', '"\\ud83d\\ude00"'],
    ['64 levels', '['.repeat(64) + ']'.repeat(64)],
    ['a float beyond 2^53', '[123e45]'],
  ])('reads %s as JSON.parse does', (_, text) => {
    expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ['doubled', '{"a":1,"a":2}', '/a'],
    ['doubled with another spelling', '{"a":1,"\\u0061":2}', '/a'],
    ['doubled deep inside', '{"x":[{},{"y/z":{"b":1,"b":1}}]}', '/x/1/y~1z/b'],
    ['hidden in a member that is itself replaced', '{"a":{"b":1},"a":2}', '/a'],
    ['doubled __proto__', '{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['empty', '{"":1,"":2}', '/'],
  ])('refuses a name that is %s', (_, text, pointer) => {
    expect(() => parseJson(bytes(text))).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_KEY', pointer }),
    );
  });

  it.each([
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a byte order mark', bytes('\ufeff{}')],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
    ['a lone surrogate as value', bytes('["\\ud800"]')],
    ['a lone surrogate as name', bytes('{"\\udc00":1}')],
    ['a reversed pair', bytes('["\\ude00\\ud83d"]')],
  ])('refuses %s as BAD_ENCODING', (_, input) => {
    expect(() => parseJson(input)).toThrow(
      expect.objectContaining({ code: 'BAD_ENCODING' }),
    );
  });

  it.each([
    ['nothing', ''],
    ['two values', '1 2'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['an open text', '{"a":"'],
    ['NaN', '[NaN]'],
    ['closing brackets alone', ']]]'],
    ['a control character in a text', '"\u0001"'],
  ])('refuses %s as INVALID_JSON', (_, text) => {
    expect(() => parseJson(bytes(text))).toThrow(
      expect.objectContaining({ code: 'INVALID_JSON' }),
    );
  });

  it('refuses 65 levels, and 100 000 opening brackets without overflowing the stack', () => {
    for (const text of ['['.repeat(65) + ']'.repeat(65), '['.repeat(100_000)]) {
      expect(() => parseJson(bytes(text))).toThrow(
        expect.objectContaining({ code: 'TOO_DEEP' }),
      );
    }
  });

  it('refuses more bytes than the cap, before reading them', () => {
    expect(() => parseJson(bytes('[1,2]'), { maxBytes: 4 })).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
  });

  it('refuses a number that no double holds', () => {
    expect(() => parseJson(bytes('{"a":[1e400]}'))).toThrow(
      expect.objectContaining({ code: 'BAD_NUMBER', pointer: '/a/0' }),
    );
  });

  it('takes linear time for texts full of escaped quotes', () => {
    const text = `"${'\\\\'.repeat(500_000)}${'\\"'.repeat(100_000)}"`;
    const start = performance.now();
    parseJson(bytes(text));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
