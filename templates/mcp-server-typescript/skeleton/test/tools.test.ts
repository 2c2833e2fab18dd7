import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getItem } from '../src/tools/getItem.ts';
import { quoteOrder } from '../src/tools/quoteOrder.ts';
import { searchItems } from '../src/tools/searchItems.ts';
import { tools, type Tool } from '../src/tools/index.ts';
import { service } from '../src/service.ts';

const run = async (tool: Tool, input: object) => tool.output.parse(await tool.run(tool.input.parse(input)));

test('every tool carries the prefix of the service and a legal catalog name', () => {
  for (const { name } of tools) {
    assert.ok(name.startsWith(`${service.toolPrefix}_`), name);
    assert.match(name, /^[a-zA-Z0-9_-]{1,128}$/);
  }
  assert.equal(new Set(tools.map(({ name }) => name)).size, tools.length);
});

for (const tool of tools) {
  test(`${tool.name} does what its examples say`, async () => {
    assert.ok(tool.examples.length > 0);
    for (const { input, output } of tool.examples) assert.deepEqual(await run(tool, input), output);
  });
}

test('search_items finds each item once, page by page', async () => {
  const skus: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await run(searchItems, { tag: 'office', limit: 2, ...(cursor ? { cursor } : {}) });
    skus.push(...(page.items as { sku: string }[]).map(({ sku }) => sku));
    cursor = page.nextCursor as string | undefined;
  } while (cursor);
  assert.deepEqual(skus, ['CHAIR-07', 'DESK-140', 'LAMP-LED', 'MON-27']);
});

test('search_items refuses a cursor that it never gave', async () => {
  await assert.rejects(run(searchItems, { cursor: 'elsewhere' }), { code: 'BAD_CURSOR' });
});

test('search_items bounds the page', () => {
  assert.equal(searchItems.input.safeParse({ limit: 51 }).success, false);
});

test('get_item refuses an unknown SKU', async () => {
  await assert.rejects(run(getItem, { sku: 'NONE-1' }), { code: 'ITEM_NOT_FOUND' });
});

test('quote_order gives the discount from its quantity on, and no earlier', async () => {
  const quote = (quantity: number) => run(quoteOrder, { lines: [{ sku: 'CABLE-C2', quantity }] });
  assert.equal((await quote(9)).total, 9 * 1250);
  assert.equal((await quote(10)).total, 11_250);
  assert.equal((await quote(100)).total, 93_750);
});

test('quote_order refuses two lines of one SKU', async () => {
  const line = { sku: 'DESK-140', quantity: 1 };
  await assert.rejects(run(quoteOrder, { lines: [line, line] }), { code: 'DUPLICATE_LINE' });
});
