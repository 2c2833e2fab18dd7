import { ClusterError } from '../errors';
import { formatRef, KubeObject, refKey, refOf } from '../object';
import { condition } from '../readiness/readiness';
import { RunSession } from '../run/runSession';
import { Dependents } from './newPods';

const PATIENCE_MS = 30_000;

/**
 * Under OrderedReady a broken pod blocks even the corrected template (kubernetes/kubernetes#67250). On the way back
 * this deletes the pods of the failed revision that are not ready: one at a time, by UID, never one of another revision.
 */
export class StatefulSetUnblocker {
  readonly #session: RunSession;
  /** Hash of the failed revision by key of the StatefulSet. */
  readonly #failed: Map<string, string>;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #deleted = new Set<string>();

  constructor(session: RunSession, failed: Map<string, string>) {
    this.#session = session;
    this.#failed = failed;
  }

  look(object: KubeObject, dependents: Dependents): void {
    const key = refKey(refOf(object));
    const failed = this.#failed.get(key);
    if (object.kind !== 'StatefulSet' || !failed || this.#busy.has(key)) return;
    const { status, metadata } = object;
    // Only once the controller has taken up the previous template; else it would make the same pod again.
    if (
      !metadata.uid ||
      (status?.observedGeneration ?? 0) < (metadata.generation ?? 0) ||
      status?.updateRevision === failed
    ) {
      return;
    }
    const pods = [...dependents.controlledBy(metadata.uid, 'Pod')];
    if (pods.some(pod => pod.metadata.deletionTimestamp)) return;
    const broken = pods.find(
      pod =>
        pod.metadata.labels?.['controller-revision-hash'] === failed &&
        condition(pod, 'Ready')?.status !== 'True' &&
        !this.#deleted.has(pod.metadata.uid!),
    );
    if (!broken) return;
    this.#deleted.add(broken.metadata.uid!);
    this.#busy.set(
      key,
      this.#delete(broken).finally(() => this.#busy.delete(key)),
    );
  }

  /** Resolves when no deletion is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#busy.values());
  }

  async #delete(pod: KubeObject): Promise<void> {
    const { cluster, signal } = this.#session;
    const ref = refOf(pod);
    this.#session.emit({
      type: 'message',
      level: 'info',
      message: `${formatRef(
        ref,
      )} of the failed revision blocks its StatefulSet: deleting it`,
    });
    try {
      await this.#session.ask(
        () => cluster.delete(ref, pod.metadata.uid!, signal),
        Date.now() + PATIENCE_MS,
      );
    } catch (error) {
      // The judgement of the StatefulSet will tell; here there is nothing more to do.
      const why = error instanceof ClusterError ? error.message : String(error);
      this.#session.emit({
        type: 'message',
        level: 'warn',
        message: `${formatRef(ref)} could not be deleted: ${why}`,
      });
    }
  }
}
