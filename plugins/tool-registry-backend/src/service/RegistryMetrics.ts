import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type {
  HealthState,
  Verdict,
} from '@agentyard/plugin-tool-registry-common';

/** Steps behind which a signature was looked at. */
const SIGNATURE_STEP = 'signature';

/** What the registry counts; the `eat_` names are those of the EAT deployment guide. */
export class RegistryMetrics {
  readonly #reads;
  readonly #signatures;
  readonly #discovery;
  readonly #probes;
  readonly #probeDuration;

  constructor(metrics: MetricsService) {
    this.#reads = metrics.createCounter(
      'backstage.tool-registry.catalog.reads',
      {
        description: 'Attempts to read a catalog, by verdict',
      },
    );
    this.#signatures = metrics.createCounter(
      'eat_signature_verifications_total',
      { description: 'Checks of catalog signatures, by result' },
    );
    this.#discovery = metrics.createHistogram(
      'eat_discovery_duration_seconds',
      { description: 'Time to read and verify a catalog' },
    );
    this.#probes = metrics.createCounter(
      'backstage.tool-registry.server.probes',
      { description: 'Probes of MCP servers, by state' },
    );
    this.#probeDuration = metrics.createHistogram(
      'backstage.tool-registry.server.probe.duration',
      { description: 'Time to probe an MCP server', unit: 's' },
    );
  }

  catalogRead(verdict: Verdict, seconds: number) {
    this.#reads.add(1, { verdict: verdict.status });
    this.#discovery.record(seconds);
    const step = verdict.steps.find(({ id }) => id === SIGNATURE_STEP);
    if (step?.outcome === 'passed' || step?.outcome === 'failed') {
      this.#signatures.add(1, {
        result: step.outcome === 'passed' ? 'valid' : 'invalid',
      });
    }
  }

  serverProbed(state: HealthState, seconds: number) {
    this.#probes.add(1, { state });
    this.#probeDuration.record(seconds);
  }
}
