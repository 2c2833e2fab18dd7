import type { HumanDuration } from '@backstage/types';

export interface Config {
  agentyard?: {
    /**
     * Rollouts. The clusters are those of the `kubernetes:` section, with `authProvider` `serviceAccount` or
     * `localKubectlProxy`, or one that a module adds.
     */
    rollouts?: {
      /**
       * Most runs that one replica drives at once; the others wait. Default 100.
       * @visibility backend
       */
      maxConcurrentRuns?: number;
      /**
       * Most objects in one plan. Default 2000.
       * @visibility backend
       */
      maxObjects?: number;
      /**
       * How long a workload may go without a new available pod before it has failed. Default 10 minutes.
       */
      deadline?: HumanDuration | string;
      /**
       * So many restarts of a container within a run make a crash loop. Default 2.
       * @visibility backend
       */
      crashLoopRestarts?: number;
    };
  };
}
