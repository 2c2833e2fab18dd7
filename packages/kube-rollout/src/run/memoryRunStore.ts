import { RunStore } from './runStore';

/**
 * A store that forgets: the reference for what a {@link RunStore} does, and good for tests.
 *
 * @public
 */
export function memoryRunStore(): RunStore {
  throw new Error('under construction');
}
