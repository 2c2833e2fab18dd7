import { RunStore } from './runStore';

/**
 * A store in one JSON file, for the command line: written whole, fsynced and renamed into place at each step, with
 * mode 0600 since releases carry secrets. For one process at a time.
 *
 * @throws RunError `STORE_UNREADABLE` when the file exists and is not a store
 *
 * @public
 */
export async function fileRunStore(_path: string): Promise<RunStore> {
  throw new Error('under construction');
}
