interface Seen {
  restarts: number;
  wasReady: boolean;
  flaps: number;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Counts how often containers were ready and exited again: going up and down is no progress. */
export class FlapCounter {
  readonly #pods = new Map<string, Map<string, Seen>>();

  /** Takes note of the container statuses of a pod. */
  see(
    podUid: string,
    statuses: { name: string; ready?: boolean; restartCount?: number }[],
  ): void {
    const pod = this.#pods.get(podUid) ?? new Map<string, Seen>();
    this.#pods.set(podUid, pod);
    for (const { name, ready = false, restartCount = 0 } of statuses) {
      const seen = pod.get(name) ?? {
        restarts: restartCount,
        wasReady: false,
        flaps: 0,
      };
      if (restartCount > seen.restarts) {
        if (seen.wasReady) seen.flaps += 1;
        seen.restarts = restartCount;
        seen.wasReady = false;
      }
      if (ready) seen.wasReady = true;
      pod.set(name, seen);
    }
  }

  /** Flaps by container name. */
  of(podUid: string): ReadonlyMap<string, number> {
    const pod = this.#pods.get(podUid);
    return pod
      ? new Map([...pod].map(([name, { flaps }]) => [name, flaps]))
      : NONE;
  }

  forget(podUid: string): void {
    this.#pods.delete(podUid);
  }
}
