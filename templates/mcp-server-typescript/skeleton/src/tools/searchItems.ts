import { z } from 'zod';
import { item, items } from '../items.ts';
import { defineTool, ToolError } from './tool.ts';

export const searchItems = defineTool({
  name: 'search_items',
  title: 'Search items',
  description: 'Finds items on sale by words and tag, sorted by SKU, page by page.',
  input: z.object({
    query: z.string().max(100).default('').describe('Words that name or description contain, in any case'),
    tag: z.string().max(40).optional().describe('Tag that the item carries'),
    limit: z.int().min(1).max(50).default(10).describe('Items in one page'),
    cursor: z.string().max(40).optional().describe('nextCursor of the page before'),
  }),
  output: z.object({
    items: z.array(item.pick({ sku: true, name: true, tags: true, unitPrice: true })),
    nextCursor: z.string().optional().describe('Present when there are more items'),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  capabilities: ['items', 'search', 'read-only'],
  examples: [
    {
      description: 'Lamps',
      input: { query: 'lamp' },
      output: {
        items: [
          { sku: 'LAMP-LED', name: 'Desk lamp', tags: ['lighting', 'office'], unitPrice: 5490 },
        ],
      },
    },
  ],
  run({ query, tag, limit, cursor }) {
    if (cursor !== undefined && !items.has(cursor)) {
      throw new ToolError('BAD_CURSOR', 'cursor is not a nextCursor of this search; search again without it');
    }
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...items.values()]
      .filter(({ name, description, tags }) => {
        const text = `${name} ${description}`.toLowerCase();
        return words.every(word => text.includes(word)) && (tag === undefined || tags.includes(tag));
      })
      .filter(entry => cursor === undefined || entry.sku > cursor)
      .sort((a, b) => (a.sku < b.sku ? -1 : 1));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return found.length > limit && last ? { items: page, nextCursor: last.sku } : { items: page };
  },
});
