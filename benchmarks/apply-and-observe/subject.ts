import type { KubeObject } from '@agentyard/kube-rollout';

/** What is measured: it applies the objects and returns when all of them are available. */
export interface Subject {
  name: string;
  /** How its user agent begins, by which its requests are counted. */
  userAgent: string;
  /** Untimed: what this subject does before the clock starts. */
  prepare(
    namespace: string,
    objects: KubeObject[],
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
