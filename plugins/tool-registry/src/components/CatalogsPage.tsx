import { useRouteRef } from '@backstage/core-plugin-api';
import type { CatalogSummary } from '@agentyard/plugin-tool-registry-common';
import { AnswerView, Nothing, Page, Since } from '@agentyard/react';
import {
  Cell,
  CellText,
  type ColumnConfig,
  Table,
  Text,
  useBreakpoint,
} from '@backstage/ui';
import { catalogRouteRef } from '../routes';
import { useRegistry, useTexts } from './useRegistry';
import { VerdictStatus } from './VerdictStatus';

/** Who says so, and is it true? */
export function CatalogsPage() {
  const t = useTexts();
  const { answer, ask } = useRegistry((api, signal) =>
    api.listCatalogs({ signal }),
  );
  return (
    <Page>
      <AnswerView
        answer={answer}
        subject={t('subject.catalogs')}
        onRetry={ask}
        empty={({ items }) =>
          items.length ? undefined : (
            <Nothing
              title={t('catalogs.emptyTitle')}
              text={t('catalogs.emptyText')}
            />
          )
        }
      >
        {({ items }) => <CatalogTable catalogs={items} />}
      </AnswerView>
    </Page>
  );
}

function CatalogTable({ catalogs }: { catalogs: CatalogSummary[] }) {
  const t = useTexts();
  const catalogHref = useRouteRef(catalogRouteRef);
  const { down } = useBreakpoint();
  const narrow = down('md');
  const columns: ColumnConfig<CatalogSummary>[] = [
    {
      id: 'title',
      label: t('catalogs.title'),
      isRowHeader: true,
      cell: catalog => (
        <CellText
          title={catalog.title}
          description={catalog.url}
          href={catalogHref({ id: catalog.id })}
        />
      ),
    },
    {
      id: 'verdict',
      label: t('verdict.column'),
      defaultWidth: 150,
      cell: catalog => (
        <Cell>
          <VerdictStatus status={catalog.verdict.status} />
        </Cell>
      ),
    },
    {
      id: 'tools',
      label: t('catalogs.tools'),
      isHidden: narrow,
      defaultWidth: 90,
      cell: catalog => (
        <CellText title={String(catalog.snapshot?.toolCount ?? 0)} />
      ),
    },
    {
      id: 'publisher',
      label: t('catalogs.publisher'),
      isHidden: narrow,
      defaultWidth: 240,
      cell: catalog => (
        <CellText title={catalog.publisher ?? t('catalogs.none')} />
      ),
    },
    {
      id: 'expires',
      label: t('catalogs.expires'),
      isHidden: narrow,
      defaultWidth: 150,
      cell: catalog => (
        <Cell>
          {catalog.snapshot?.signature?.expiresAt ? (
            <Text>
              <Since at={catalog.snapshot.signature.expiresAt} />
            </Text>
          ) : (
            <Text color="secondary">{t('catalogs.none')}</Text>
          )}
        </Cell>
      ),
    },
  ];
  return (
    <Table
      columnConfig={columns}
      data={catalogs}
      pagination={{ type: 'none' }}
    />
  );
}
