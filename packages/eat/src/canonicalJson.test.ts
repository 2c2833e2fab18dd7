import bareCanonicalize from 'canonicalize';
import { canonicalHash, canonicalize, sha256 } from './canonicalJson';
import type { JsonValue } from './strictJson';

describe('canonicalize', () => {
  it('writes the example of RFC 8785 section 3.2.2', () => {
    const input = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalize(input)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts the names of RFC 8785 section 3.2.3 by UTF-16 code unit', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalize(input))).slice(1)).toEqual([
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalize(input)).toMatch(/^\{"\\r":"Carriage Return","1":"One"/);
  });

  // RFC 8785 appendix B: IEEE 754 bits and the text that they get.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s as %s', (bits, text) => {
    const number = Buffer.from(bits, 'hex').readDoubleBE();
    expect(canonicalize(number)).toBe(text);
    expect(canonicalize([number])).toBe(`[${text}]`);
  });

  it.each<[string, JsonValue]>([
    [
      'names like array indices',
      { b: { '10': 1, '9': 2, a: [{ '2': 0, '1': 0 }] }, a: 0 },
    ],
    ['in order already', { a: [1, { b: 2, c: [] }], b: {} }],
    [
      'only a child out of order',
      { a: 1, b: { z: 1, y: 2 }, c: [{ q: 1, p: 2 }] },
    ],
    ['a child in order in a parent that is not', { b: { x: 1, y: 1 }, a: 1 }],
    [
      '__proto__ as a name',
      JSON.parse('{"b":1,"__proto__":{"y":1,"x":2},"a":0}'),
    ],
    ['an empty name', { b: 1, '': 2 }],
    [
      'decomposed text, which is not normalised',
      { 'e\u0301': 'é', é: 'e\u0301' },
    ],
  ])('agrees with the npm package canonicalize on %s', (_, value) => {
    expect(canonicalize(value)).toBe(bareCanonicalize(value));
  });

  it('leaves its input as it was', () => {
    const value = { b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] };
    const before = JSON.stringify(value);
    canonicalize(value);
    expect(JSON.stringify(value)).toBe(before);
  });

  it.each([
    ['NaN', [NaN], 'BAD_NUMBER'],
    ['Infinity', { a: Infinity }, 'BAD_NUMBER'],
    ['a lone surrogate', { a: '\ud800' }, 'BAD_ENCODING'],
    ['a lone surrogate in a name', { '\udc00': 1 }, 'BAD_ENCODING'],
    ['undefined', { a: undefined }, 'INVALID_TYPE'],
    ['a big integer', [1n], 'INVALID_TYPE'],
  ])('refuses %s', (_, value, code) => {
    expect(() => canonicalize(value as never)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('hashes', () => {
  it('are written as EAT does', () => {
    expect(sha256('abc')).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(canonicalHash({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}'));
  });
});
