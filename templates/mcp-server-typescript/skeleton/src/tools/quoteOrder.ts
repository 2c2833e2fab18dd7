import { z } from 'zod';
import { items, sku } from '../items.ts';
import { defineTool, ToolError } from './tool.ts';

export const quoteOrder = defineTool({
  name: 'quote_order',
  title: 'Quote order',
  description: 'Computes what an order costs, with discounts by quantity. Orders nothing.',
  input: z.object({
    lines: z
      .array(z.object({ sku, quantity: z.int().min(1).max(10_000).describe('Pieces') }))
      .min(1)
      .max(50)
      .describe('What is ordered; one line for each SKU'),
  }),
  output: z.object({
    lines: z.array(
      z.object({
        sku,
        quantity: z.int(),
        unitPrice: z.int().describe('Price of one piece in cents, before discount'),
        discountPercent: z.number(),
        total: z.int().describe('Price of the line in cents, after discount'),
      }),
    ),
    total: z.int().describe('Price of the order in cents'),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  capabilities: ['items', 'pricing', 'read-only'],
  examples: [
    {
      description: 'Six desks earn the discount for five',
      input: { lines: [{ sku: 'DESK-140', quantity: 6 }] },
      output: {
        lines: [{ sku: 'DESK-140', quantity: 6, unitPrice: 42900, discountPercent: 5, total: 244530 }],
        total: 244530,
      },
    },
  ],
  run({ lines }) {
    if (new Set(lines.map(line => line.sku)).size < lines.length) {
      throw new ToolError('DUPLICATE_LINE', 'A SKU stands in two lines; add their quantities up in one');
    }
    const priced = lines.map(line => {
      const found = items.get(line.sku);
      if (!found) throw new ToolError('ITEM_NOT_FOUND', `No item has the SKU ${line.sku}; search for it first`);
      const discountPercent = Math.max(
        0,
        ...found.volumeDiscounts
          .filter(({ minQuantity }) => line.quantity >= minQuantity)
          .map(({ percent }) => percent),
      );
      const total = Math.round((found.unitPrice * line.quantity * (100 - discountPercent)) / 100);
      return { ...line, unitPrice: found.unitPrice, discountPercent, total };
    });
    return { lines: priced, total: priced.reduce((sum, line) => sum + line.total, 0) };
  },
});
