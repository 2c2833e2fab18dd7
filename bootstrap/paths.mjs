import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);
/** Everything that set-up brings goes below this ignored folder; deleting it starts from scratch. */
export const cache = path.join(root, '.cache');
export const toolchain = path.join(cache, 'toolchain');
