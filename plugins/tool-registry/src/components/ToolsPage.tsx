import { useRouteRef } from '@backstage/core-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type {
  HealthState,
  ToolFilter,
  ToolPage,
  ToolSummary,
  VerdictStatus,
} from '@agentyard/plugin-tool-registry-common';
import { AnswerView, Nothing, Page } from '@agentyard/react';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Flex,
  SearchField,
  Select,
  Table,
  Text,
  useBreakpoint,
} from '@backstage/ui';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { toolRouteRef } from '../routes';
import { HealthStatus } from './HealthStatus';
import { useRegistry, useTexts } from './useRegistry';
import { VerdictStatus as Verdict } from './VerdictStatus';

const pageSize = 50;
const verdicts: VerdictStatus[] = [
  'verified',
  'unverified',
  'refused',
  'unreachable',
];
const healths: HealthState[] = [
  'healthy',
  'degraded',
  'unauthorized',
  'unreachable',
  'unknown',
];

/** Which tool does this job, and may I trust it? */
export function ToolsPage() {
  const t = useTexts();
  const { filter, setFilter } = useToolFilter();
  const [parts, setParts] = useState(1);
  const filterKey = JSON.stringify(filter);
  useEffect(() => setParts(1), [filterKey]);

  const tools = useRegistry(
    async (api, signal) => {
      const first = await api.listTools(
        { filter, limit: pageSize },
        { signal },
      );
      let last = first;
      const items = [...first.items];
      for (let part = 1; part < parts && last.nextCursor; part++) {
        last = await api.listTools(
          { filter, limit: pageSize, cursor: last.nextCursor },
          { signal },
        );
        items.push(...last.items);
      }
      return { ...last, items } satisfies ToolPage;
    },
    [filterKey, parts],
  );
  const catalogs = useRegistry((api, signal) => api.listCatalogs({ signal }));
  const filtered = Object.values(filter).some(Boolean);

  return (
    <Page>
      <SearchField
        aria-label={t('tools.search')}
        placeholder={t('tools.search')}
        value={filter.query ?? ''}
        onChange={query => setFilter({ query })}
      />
      <Flex gap="3" style={{ flexWrap: 'wrap' }}>
        <Choice
          label={t('tools.filterCatalog')}
          value={filter.catalogId}
          options={
            catalogs.answer.state === 'ready'
              ? catalogs.answer.value.items.map(({ id, title }) => [id, title])
              : []
          }
          onChange={catalogId => setFilter({ catalogId })}
        />
        <Choice
          label={t('tools.filterVerdict')}
          value={filter.verdict}
          options={verdicts.map(status => [status, t(`verdict.${status}`)])}
          onChange={verdict => setFilter({ verdict: verdict as VerdictStatus })}
        />
        <Choice
          label={t('tools.filterHealth')}
          value={filter.health}
          options={healths.map(state => [state, t(`health.${state}`)])}
          onChange={health => setFilter({ health: health as HealthState })}
        />
      </Flex>
      <AnswerView
        answer={tools.answer}
        subject={t('subject.tools')}
        onRetry={tools.ask}
        empty={({ items }) => {
          if (items.length) return undefined;
          return filtered ? (
            <Nothing
              title={t('tools.noMatchTitle')}
              text={t('tools.noMatchText')}
              action={
                <Button variant="secondary" onPress={() => setFilter(null)}>
                  {t('tools.clear')}
                </Button>
              }
            />
          ) : (
            <Nothing
              title={t('tools.emptyTitle')}
              text={t('tools.emptyText')}
            />
          );
        }}
      >
        {({ items, totalItems, nextCursor }) => (
          <Flex direction="column" gap="3">
            <Text as="p" color="secondary" role="status">
              {t('tools.count', { count: totalItems })}
            </Text>
            <ToolTable tools={items} />
            {nextCursor && (
              <span>
                <Button
                  variant="secondary"
                  onPress={() => setParts(count => count + 1)}
                >
                  {t('tools.more')}
                </Button>
              </span>
            )}
          </Flex>
        )}
      </AnswerView>
    </Page>
  );
}

/** Tools as rows: purpose, owner, server, verdict, health. */
export function ToolTable({ tools }: { tools: ToolSummary[] }) {
  const t = useTexts();
  const toolHref = useRouteRef(toolRouteRef);
  const { down } = useBreakpoint();
  const narrow = down('md');
  const columns: ColumnConfig<ToolSummary>[] = [
    {
      id: 'name',
      label: t('tools.name'),
      isRowHeader: true,
      cell: tool => (
        <CellText
          title={tool.title ?? tool.name}
          description={tool.description}
          href={toolHref({ id: tool.id })}
        />
      ),
    },
    {
      id: 'owner',
      label: t('tools.owner'),
      isHidden: narrow,
      defaultWidth: 160,
      cell: tool => <CellText title={parseEntityRef(tool.owner).name} />,
    },
    {
      id: 'server',
      label: t('tools.server'),
      isHidden: narrow,
      defaultWidth: 220,
      cell: tool => <CellText title={tool.server.title} />,
    },
    {
      id: 'verdict',
      label: t('verdict.column'),
      defaultWidth: 130,
      cell: tool => (
        <Cell>
          <Verdict status={tool.catalog.verdict} />
        </Cell>
      ),
    },
    {
      id: 'health',
      label: t('health.column'),
      isHidden: narrow,
      defaultWidth: 150,
      cell: tool => (
        <Cell>
          <HealthStatus state={tool.server.health} />
        </Cell>
      ),
    },
  ];
  return (
    <Table columnConfig={columns} data={tools} pagination={{ type: 'none' }} />
  );
}

/** The filter lives in the address, so that a search can be shared and survives going back. */
function useToolFilter() {
  const [params, setParams] = useSearchParams();
  const filter: ToolFilter = {
    query: params.get('query') ?? undefined,
    catalogId: params.get('catalogId') ?? undefined,
    verdict: (params.get('verdict') as VerdictStatus) ?? undefined,
    health: (params.get('health') as HealthState) ?? undefined,
  };
  const setFilter = (change: Partial<ToolFilter> | null) => {
    setParams(
      before => {
        if (!change) return {};
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  };
  return { filter, setFilter };
}

function Choice(props: {
  label: string;
  value: string | undefined;
  options: Array<[value: string, label: string]>;
  onChange: (value: string | undefined) => void;
}) {
  const t = useTexts();
  const { label, value, options, onChange } = props;
  return (
    <Select
      label={label}
      value={value ?? 'any'}
      options={[
        { value: 'any', label: t('tools.any') },
        ...options.map(([id, text]) => ({ value: id, label: text })),
      ]}
      onChange={choice =>
        onChange(choice === 'any' ? undefined : String(choice))
      }
    />
  );
}
