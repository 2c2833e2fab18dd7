import { useRouteRef, useRouteRefParams } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  HealthState,
  Server,
} from '@agentyard/plugin-tool-registry-common';
import {
  AnswerView,
  Facts,
  Page,
  Section,
  Since,
  Title,
} from '@agentyard/react';
import { Alert, Flex, Text } from '@backstage/ui';
import { serverRouteRef, serversRouteRef } from '../routes';
import { HealthStatus } from './HealthStatus';
import styles from './ServerPage.module.css';
import { ToolTable } from './ToolsPage';
import { useRegistry, useTexts } from './useRegistry';

/** Does this server answer, and with what was signed? */
export function ServerPage() {
  const t = useTexts();
  const { id } = useRouteRefParams(serverRouteRef);
  const serversHref = useRouteRef(serversRouteRef);
  return (
    <Page back={{ href: serversHref(), text: t('server.back') }}>
      <ServerDetail id={id} />
    </Page>
  );
}

/** A server with its health first. */
export function ServerDetail({ id }: { id: string }) {
  const t = useTexts();
  const { answer, ask } = useRegistry(
    (api, signal) => api.getServer(id, { signal }),
    [id],
  );
  return (
    <AnswerView answer={answer} subject={t('subject.server')} onRetry={ask}>
      {server => (
        <Flex direction="column" gap="4">
          <Title>{server.title}</Title>
          <Health server={server} />
          <Drift server={server} />
          <Section title={t('server.facts')}>
            <Facts
              items={[
                [t('server.address'), server.url],
                [t('server.version'), server.serverInfo?.version],
                [t('server.dialect'), server.dialect],
                [t('server.protocol'), server.protocolVersion],
                [
                  t('tool.owner'),
                  <EntityRefLink key="owner" entityRef={server.owner} />,
                ],
                [
                  t('tool.entity'),
                  <EntityRefLink key="entity" entityRef={server.entityRef} />,
                ],
              ]}
            />
          </Section>
          <Section title={t('server.tools')}>
            {server.tools.length ? (
              <ToolTable tools={server.tools} />
            ) : (
              <Text as="p" color="secondary">
                {t('server.toolsNone')}
              </Text>
            )}
          </Section>
        </Flex>
      )}
    </AnswerView>
  );
}

function Health({ server }: { server: Server }) {
  const t = useTexts();
  const { health, history } = server;
  return (
    <Section title={t('health.title')}>
      <Flex direction="column" gap="4">
        <HealthStatus state={health.state} />
        {health.reason && (
          <Text as="p">
            <code>{health.reason.code}</code> {health.reason.message}
          </Text>
        )}
        <Facts
          items={[
            [t('verdict.since'), health.since && <Since at={health.since} />],
            [
              t('verdict.checked'),
              health.checkedAt && <Since at={health.checkedAt} />,
            ],
            [
              t('health.lastHealthy'),
              health.lastHealthyAt && <Since at={health.lastHealthyAt} />,
            ],
            [
              t('health.latency'),
              health.latencyMs === undefined
                ? undefined
                : t('health.millis', {
                    ms: String(Math.round(health.latencyMs)),
                  }),
            ],
          ]}
        />
        <History history={history} />
      </Flex>
    </Section>
  );
}

const bars: Record<HealthState, string> = {
  healthy: styles.good,
  degraded: styles.warning,
  unauthorized: styles.warning,
  unreachable: styles.bad,
  unknown: styles.unknown,
};

function History({ history }: { history: Server['history'] }) {
  const t = useTexts();
  if (history.length === 0) {
    return (
      <Text as="p" color="secondary">
        {t('health.historyNone')}
      </Text>
    );
  }
  return (
    <div>
      <Text as="h3" weight="bold">
        {t('health.history')}
      </Text>
      <ol className={styles.history}>
        {history.slice(0, 60).map(probe => {
          const text = [
            new Date(probe.at).toLocaleString(),
            t(`health.${probe.state}`),
            probe.code,
            probe.latencyMs !== undefined &&
              t('health.millis', { ms: String(Math.round(probe.latencyMs)) }),
          ]
            .filter(Boolean)
            .join(', ');
          return (
            <li
              key={probe.at}
              className={`${styles.probe} ${bars[probe.state]}`}
              title={text}
            >
              <span className={styles.text}>{text}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Drift({ server }: { server: Server }) {
  const t = useTexts();
  const { drift } = server;
  const same = drift && !drift.missing.length && !drift.unsigned.length;
  return (
    <Section title={t('server.drift')}>
      <Flex direction="column" gap="3">
        {!drift && (
          <Text as="p" color="secondary">
            {t('server.driftUnknown')}
          </Text>
        )}
        {same && <Alert status="success" icon title={t('server.driftNone')} />}
        {drift && drift.missing.length > 0 && (
          <Alert
            status="danger"
            icon
            title={t('server.missing')}
            description={drift.missing.join(', ')}
          />
        )}
        {drift && drift.unsigned.length > 0 && (
          <Alert
            status="warning"
            icon
            title={t('server.unsigned')}
            description={drift.unsigned.join(', ')}
          />
        )}
      </Flex>
    </Section>
  );
}
