import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of these sources. */
export const sources = path.dirname(fileURLToPath(import.meta.url));
/** Ignored by Git; deleting it (once every cluster is down) starts from scratch. */
export const cache = path.resolve(
  sources,
  '..',
  '..',
  '.cache',
  'control-plane',
);
export const clusters = path.join(cache, 'clusters');
