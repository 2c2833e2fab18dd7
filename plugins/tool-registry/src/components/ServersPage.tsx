import { useRouteRef } from '@backstage/core-plugin-api';
import type { ServerSummary } from '@agentyard/plugin-tool-registry-common';
import { AnswerView, Nothing, Page } from '@agentyard/react';
import {
  Cell,
  CellText,
  type ColumnConfig,
  Table,
  useBreakpoint,
} from '@backstage/ui';
import { serverRouteRef } from '../routes';
import { HealthStatus } from './HealthStatus';
import { useRegistry, useTexts } from './useRegistry';

/** What answers now? */
export function ServersPage() {
  const t = useTexts();
  const { answer, ask } = useRegistry((api, signal) =>
    api.listServers({ signal }),
  );
  return (
    <Page>
      <AnswerView
        answer={answer}
        subject={t('subject.servers')}
        onRetry={ask}
        empty={({ items }) =>
          items.length ? undefined : (
            <Nothing
              title={t('servers.emptyTitle')}
              text={t('servers.emptyText')}
            />
          )
        }
      >
        {({ items }) => <ServerTable servers={items} />}
      </AnswerView>
    </Page>
  );
}

function ServerTable({ servers }: { servers: ServerSummary[] }) {
  const t = useTexts();
  const serverHref = useRouteRef(serverRouteRef);
  const { down } = useBreakpoint();
  const narrow = down('md');
  const columns: ColumnConfig<ServerSummary>[] = [
    {
      id: 'title',
      label: t('servers.title'),
      isRowHeader: true,
      cell: server => (
        <CellText
          title={server.title}
          description={server.health.reason?.message ?? server.url}
          href={serverHref({ id: server.id })}
        />
      ),
    },
    {
      id: 'health',
      label: t('health.column'),
      defaultWidth: 160,
      cell: server => (
        <Cell>
          <HealthStatus state={server.health.state} />
        </Cell>
      ),
    },
    {
      id: 'latency',
      label: t('health.latency'),
      isHidden: narrow,
      defaultWidth: 130,
      cell: ({ health }) => (
        <CellText
          title={
            health.latencyMs === undefined
              ? '–'
              : t('health.millis', { ms: String(Math.round(health.latencyMs)) })
          }
        />
      ),
    },
    {
      id: 'speaks',
      label: t('servers.speaks'),
      isHidden: narrow,
      defaultWidth: 170,
      cell: server => (
        <CellText
          title={server.protocolVersion ?? server.dialect ?? '–'}
          description={server.protocolVersion && server.dialect}
        />
      ),
    },
    {
      id: 'tools',
      label: t('servers.tools'),
      isHidden: narrow,
      defaultWidth: 220,
      cell: server => (
        <CellText
          title={t('servers.toolCounts', {
            signed: String(server.catalogToolCount),
            live: String(server.liveToolCount ?? t('servers.notListed')),
          })}
        />
      ),
    },
  ];
  return (
    <Table
      columnConfig={columns}
      data={servers}
      pagination={{ type: 'none' }}
    />
  );
}
