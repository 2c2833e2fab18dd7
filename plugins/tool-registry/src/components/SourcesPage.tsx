import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  toolRegistrySourceRefreshPermission,
  type Source,
} from '@agentyard/plugin-tool-registry-common';
import {
  AnswerView,
  Nothing,
  Page,
  Since,
  Status,
  type StatusTone,
} from '@agentyard/react';
import { Alert, Button, Card, CardBody, Flex, Text } from '@backstage/ui';
import { useState } from 'react';
import { toolRegistryApiRef } from '../api';
import { useRegistry, useTexts } from './useRegistry';

/** What do we read, and what failed? */
export function SourcesPage() {
  const t = useTexts();
  const { answer, ask } = useRegistry((api, signal) =>
    api.listSources({ signal }),
  );
  return (
    <Page>
      <AnswerView
        answer={answer}
        subject={t('subject.sources')}
        onRetry={ask}
        empty={({ items }) =>
          items.length ? undefined : (
            <Nothing
              title={t('sources.emptyTitle')}
              text={t('sources.emptyText')}
            />
          )
        }
      >
        {({ items }) => (
          <Flex direction="column" gap="3">
            {items.map(source => (
              <SourceCard key={source.id} source={source} onRefreshed={ask} />
            ))}
          </Flex>
        )}
      </AnswerView>
    </Page>
  );
}

const tones: Record<Source['lastFetch']['outcome'], StatusTone> = {
  succeeded: 'good',
  failed: 'bad',
  pending: 'unknown',
};

function SourceCard(props: { source: Source; onRefreshed: () => void }) {
  const t = useTexts();
  const { source, onRefreshed } = props;
  const { lastFetch } = source;
  return (
    <Card>
      <CardBody>
        <Flex direction="column" gap="2">
          <Flex justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
            <Text as="h2" variant="title-x-small" weight="bold">
              {source.id}
            </Text>
            <Flex gap="3" align="center">
              <Status tone={tones[lastFetch.outcome]}>
                {t(`sources.${lastFetch.outcome}`)}
              </Status>
              {lastFetch.at && (
                <Text color="secondary">
                  <Since at={lastFetch.at} />
                </Text>
              )}
            </Flex>
          </Flex>
          <Text as="p" color="secondary" style={{ overflowWrap: 'anywhere' }}>
            {source.type} · {source.url} ·{' '}
            {t('sources.every', { seconds: String(source.intervalSeconds) })} ·{' '}
            {t('sources.origin', {
              origin: source.origin.entityRef ?? source.origin.provider,
            })}
          </Text>
          {lastFetch.reason && (
            <Alert
              status="warning"
              icon
              title={lastFetch.reason.code}
              description={lastFetch.reason.message}
            />
          )}
          {lastFetch.outcome === 'failed' && lastFetch.lastSuccessAt && (
            <Text color="secondary">
              {t('sources.lastSuccess')} <Since at={lastFetch.lastSuccessAt} />
            </Text>
          )}
          <Refresh source={source} onRefreshed={onRefreshed} />
        </Flex>
      </CardBody>
    </Card>
  );
}

function Refresh(props: { source: Source; onRefreshed: () => void }) {
  const t = useTexts();
  const { source, onRefreshed } = props;
  const api = useApi(toolRegistryApiRef);
  const { loading, allowed } = usePermission({
    permission: toolRegistrySourceRefreshPermission,
  });
  const [state, setState] = useState<{ busy?: boolean; error?: string }>({});

  const refresh = async () => {
    setState({ busy: true });
    try {
      await api.refreshSource(source.id);
      setState({});
      onRefreshed();
    } catch (error) {
      setState({ error: error instanceof Error ? error.message : `${error}` });
    }
  };

  if (loading) return null;
  if (!allowed) {
    return <Text color="secondary">{t('sources.refreshDenied')}</Text>;
  }
  return (
    <Flex direction="column" gap="2" align="start">
      <Button
        size="small"
        variant="secondary"
        isDisabled={state.busy}
        onPress={refresh}
        aria-label={`${t('sources.refresh')}: ${source.id}`}
      >
        {state.busy ? t('sources.refreshing') : t('sources.refresh')}
      </Button>
      {state.error && (
        <Alert
          status="danger"
          icon
          title={t('sources.refreshFailed')}
          description={state.error}
        />
      )}
    </Flex>
  );
}
