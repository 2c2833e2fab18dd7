import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import type { Verdict } from '@agentyard/plugin-tool-registry-common';
import { RegistryMetrics } from './RegistryMetrics';

function verdict(
  status: Verdict['status'],
  signature: Verdict['steps'][number]['outcome'],
): Verdict {
  return {
    status,
    reasons: [],
    steps: [
      { id: 'signature', title: 'The signature holds', outcome: signature },
    ],
  };
}

describe('RegistryMetrics', () => {
  function setUp() {
    const counted: Record<string, unknown[]> = {};
    const instrument = (name: string) => {
      counted[name] = [];
      const note = (value: number, attributes?: object) =>
        counted[name].push(attributes ?? value);
      return { add: note, record: note };
    };
    const metrics = new RegistryMetrics(
      metricsServiceMock.mock({
        createCounter: instrument,
        createHistogram: instrument,
      }),
    );
    return { counted, metrics };
  }

  it('counts what became of catalogs, under the names of the EAT guide', () => {
    const { counted, metrics } = setUp();

    metrics.catalogRead(verdict('verified', 'passed'), 0.2);
    metrics.catalogRead(verdict('refused', 'failed'), 0.1);
    metrics.catalogRead(verdict('unreachable', 'skipped'), 10);

    expect(counted).toMatchObject({
      'backstage.tool-registry.catalog.reads': [
        { verdict: 'verified' },
        { verdict: 'refused' },
        { verdict: 'unreachable' },
      ],
      // A signature at which nobody looked is neither valid nor invalid.
      eat_signature_verifications_total: [
        { result: 'valid' },
        { result: 'invalid' },
      ],
      eat_discovery_duration_seconds: [0.2, 0.1, 10],
    });
  });

  it('counts probes by state', () => {
    const { counted, metrics } = setUp();

    metrics.serverProbed('degraded', 0.5);

    expect(counted).toMatchObject({
      'backstage.tool-registry.server.probes': [{ state: 'degraded' }],
      'backstage.tool-registry.server.probe.duration': [0.5],
    });
  });
});
