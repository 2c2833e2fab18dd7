import { z } from 'zod';
import { item, items, sku } from '../items.ts';
import { defineTool, ToolError } from './tool.ts';

export const getItem = defineTool({
  name: 'get_item',
  title: 'Get item',
  description: 'Reads one item with its description, price in cents and discounts.',
  input: z.object({ sku }),
  output: item,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  capabilities: ['items', 'read-only'],
  examples: [
    {
      description: 'An item on sale',
      input: { sku: 'LAMP-LED' },
      output: {
        sku: 'LAMP-LED',
        name: 'Desk lamp',
        description: 'Dimmable LED lamp, 2700 to 6500 K, with clamp.',
        tags: ['lighting', 'office'],
        unitPrice: 5490,
        volumeDiscounts: [],
      },
    },
  ],
  run(input) {
    const found = items.get(input.sku);
    if (!found) throw new ToolError('ITEM_NOT_FOUND', `No item has the SKU ${input.sku}; search for it first`);
    return found;
  },
});
