import { refKey } from '../object';
import { ObjectProgress, Run } from './run';
import { InventoryEntry } from './runStore';

/** Puts what a run is about to write, or has written, into the inventory; what is known of an object stays known. */
export function withProgress(
  inventory: InventoryEntry[],
  progress: ObjectProgress[],
  revision: Run['revision'],
): InventoryEntry[] {
  const entries = new Map(inventory.map(entry => [refKey(entry.ref), entry]));
  for (const { ref, action, uid, created } of progress) {
    if (action !== 'create' && action !== 'update' && action !== 'unchanged')
      continue;
    const key = refKey(ref);
    const known = entries.get(key);
    const sameObject = known && (uid === undefined || known.uid === uid);
    entries.set(key, {
      ref,
      ...(uid ?? known?.uid ? { uid: uid ?? known?.uid } : {}),
      created: sameObject ? known.created : created ?? action === 'create',
      revision,
    });
  }
  return [...entries.values()];
}

/** Takes objects out of the inventory. */
export function without(
  inventory: InventoryEntry[],
  progress: ObjectProgress[],
): InventoryEntry[] {
  const gone = new Set(progress.map(({ ref }) => refKey(ref)));
  return inventory.filter(({ ref }) => !gone.has(refKey(ref)));
}
