import type { RunState } from '@agentyard/plugin-rollouts-common';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';

/** What is counted. Labels are bounded: states and verdicts, never names. */
export interface RolloutsMetrics {
  /** A plan was made. */
  planned(state: 'ready' | 'refused'): void;
  /** A run came to its end after so many seconds. */
  finished(state: RunState, seconds: number): void;
}

/** Counters and durations. */
export function createMetrics(metrics: MetricsService): RolloutsMetrics {
  const plans = metrics.createCounter('backstage.rollouts.plans.created', {
    description: 'Plans made, by state',
    unit: '{plan}',
  });
  const runs = metrics.createCounter('backstage.rollouts.runs.finished', {
    description: 'Runs that came to their end, by state',
    unit: '{run}',
  });
  const duration = metrics.createHistogram('backstage.rollouts.runs.duration', {
    description: 'From start to end of a run',
    unit: 's',
    advice: {
      explicitBucketBoundaries: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800],
    },
  });
  return {
    planned: state => plans.add(1, { state }),
    finished: (state, seconds) => {
      runs.add(1, { state });
      duration.record(seconds, { state });
    },
  };
}

/** Gauges, asked at each collection. */
export function observeRuns(
  metrics: MetricsService,
  gauges: { active: () => Promise<number>; driven: () => number },
): void {
  metrics
    .createObservableGauge('backstage.rollouts.runs.active', {
      description: 'Runs that are not over, on all replicas',
      unit: '{run}',
    })
    .addCallback(async result => result.observe(await gauges.active()));
  metrics
    .createObservableGauge('backstage.rollouts.runs.driven', {
      description: 'Runs that this replica drives',
      unit: '{run}',
    })
    .addCallback(result => result.observe(gauges.driven()));
}
