import { describeFields } from './schemaFields';

describe('the fields of a schema', () => {
  it('tell name, type, need and meaning', () => {
    expect(
      describeFields({
        type: 'object',
        required: ['orderId'],
        properties: {
          orderId: { type: 'string', description: 'Which order.' },
          limit: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
        },
      }),
    ).toEqual([
      {
        path: 'orderId',
        type: 'string',
        required: true,
        description: 'Which order.',
      },
      {
        path: 'limit',
        type: 'integer',
        required: false,
        description: 'minimum: 1. maximum: 50. Default: 10.',
      },
    ]);
  });

  it('reach into objects and lists', () => {
    const fields = describeFields({
      properties: {
        address: { type: 'object', properties: { city: { type: 'string' } } },
        lines: {
          type: 'array',
          items: { type: 'object', properties: { sku: { type: 'string' } } },
        },
      },
    });
    expect(fields.map(({ path, type }) => `${path}: ${type}`)).toEqual([
      'address: object',
      'address.city: string',
      'lines: object[]',
      'lines[].sku: string',
    ]);
  });

  it.each([
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: 7 }, '7'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{}, 'any'],
  ])('name the type of %j', (property, type) => {
    expect(describeFields({ properties: { field: property } })[0].type).toBe(
      type,
    );
  });

  it('are bounded, however deep or wide a stranger makes them', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [`f${n}`, { type: 'string' }]),
    );
    expect(describeFields({ properties: wide })).toHaveLength(200);

    let deep: object = { type: 'string' };
    for (let n = 0; n < 100; n++) {
      deep = { type: 'object', properties: { inner: deep } };
    }
    expect(describeFields(deep as any).length).toBeLessThan(10);
  });

  it('are none for what is no object', () => {
    expect(describeFields({ properties: null })).toEqual([]);
    expect(describeFields({ properties: ['x'] })).toEqual([]);
  });
});
