import type { Cluster, ClusterState } from '@agentyard/plugin-rollouts-common';
import {
  AnswerView,
  Facts,
  Nothing,
  Page,
  Section,
  Since,
  Status,
  type StatusTone,
} from '@agentyard/react';
import { Alert, Flex } from '@backstage/ui';
import { Nav } from './Nav';
import { useRollouts, useTexts } from './useRollouts';

const tones: Record<ClusterState, StatusTone> = {
  reachable: 'good',
  unreachable: 'bad',
  unauthorized: 'warning',
  unsupported: 'unknown',
};

/** Where can rollouts go? */
export function ClustersPage() {
  const t = useTexts();
  const { answer, ask } = useRollouts(
    (api, signal) => api.getClusters({ signal }),
    [],
    { refreshMs: 15_000 },
  );
  return (
    <Page>
      <Nav />
      <AnswerView
        answer={answer}
        subject={t('subject.clusters')}
        onRetry={ask}
        empty={({ items }) =>
          items.length ? undefined : (
            <Nothing title={t('clusters.lead')} text={t('clusters.none')} />
          )
        }
      >
        {({ items }) => (
          <Flex direction="column" gap="4">
            {items.map(cluster => (
              <ClusterSection key={cluster.name} cluster={cluster} />
            ))}
          </Flex>
        )}
      </AnswerView>
    </Page>
  );
}

function ClusterSection({ cluster }: { cluster: Cluster }) {
  const t = useTexts();
  return (
    <Section title={cluster.title ?? cluster.name}>
      <Flex direction="column" gap="3">
        <Status tone={tones[cluster.state]}>
          {t(`clusters.${cluster.state}`)}
        </Status>
        {cluster.message && (
          <Alert
            status={cluster.state === 'unreachable' ? 'danger' : 'warning'}
            icon
            title={t(`clusters.${cluster.state}`)}
            description={cluster.message}
          />
        )}
        <Facts
          items={[
            [t('clusters.version'), cluster.version],
            [t('clusters.address'), cluster.url],
            [t('clusters.auth'), cluster.authProvider],
            [t('clusters.checked'), <Since key="at" at={cluster.checkedAt} />],
          ]}
        />
      </Flex>
    </Section>
  );
}
