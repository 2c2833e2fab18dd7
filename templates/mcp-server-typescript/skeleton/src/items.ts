import { z } from 'zod';
import data from '../data/items.json' with { type: 'json' };

export const sku = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9-]{1,19}$/)
  .describe('Stock keeping unit, for example DESK-140');

export const item = z.object({
  sku,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  unitPrice: z.int().nonnegative().describe('Price of one piece in cents'),
  volumeDiscounts: z
    .array(
      z.object({
        minQuantity: z.int().positive().describe('Pieces from which the discount holds'),
        percent: z.number().min(0).max(100),
      }),
    )
    .describe('Discounts by quantity; the largest that is reached holds'),
});

export type Item = z.infer<typeof item>;

/**
 * The items on sale, by SKU. The list is part of the image: each replica gives the same answer. Put a database or
 * an API behind this map when the data has to change between releases.
 */
export const items: ReadonlyMap<string, Item> = new Map(
  z
    .array(item)
    .parse(data)
    .map(entry => [entry.sku, entry]),
);
