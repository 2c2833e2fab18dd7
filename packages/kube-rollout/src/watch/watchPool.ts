import { Transport } from '../cluster/transport';
import { SharedWatch, WatchScope } from './sharedWatch';

/** A hold on a shared watch; the watch ends with its last hold. */
export interface WatchHold {
  readonly watch: SharedWatch;
  release(): void;
}

/** The watches of one cluster, each shared by all who look at the same scope. */
export class WatchPool {
  readonly #transport: Transport;
  readonly #watches = new Map<string, { watch: SharedWatch; holds: number }>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  acquire(scope: WatchScope): WatchHold {
    const key = scopeKey(scope);
    let entry = this.#watches.get(key);
    if (!entry) {
      entry = { watch: new SharedWatch(this.#transport, scope), holds: 0 };
      this.#watches.set(key, entry);
      // A watch that was refused is not shared any further: rights may be given meanwhile.
      const made = entry;
      made.watch.synced.catch(() => {
        if (this.#watches.get(key) === made) this.#watches.delete(key);
      });
    }
    const held = entry;
    held.holds += 1;
    let released = false;
    return {
      watch: held.watch,
      release: () => {
        if (released) return;
        released = true;
        held.holds -= 1;
        if (held.holds > 0) return;
        if (this.#watches.get(key) === held) this.#watches.delete(key);
        held.watch.close();
      },
    };
  }

  close(): void {
    for (const { watch } of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}

/** Two scopes with the same key see the same. */
export function scopeKey({ resource, namespace, name }: WatchScope): string {
  return [
    resource.apiVersion,
    resource.plural,
    namespace ?? '',
    name ?? '',
  ].join('|');
}
