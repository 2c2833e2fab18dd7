import { getItem } from './getItem.ts';
import { quoteOrder } from './quoteOrder.ts';
import { searchItems } from './searchItems.ts';
import type { Tool } from './tool.ts';

export type { Tool };

/** All tools. After a change: `npm run openapi`. */
export const tools: readonly Tool[] = [searchItems, getItem, quoteOrder];
