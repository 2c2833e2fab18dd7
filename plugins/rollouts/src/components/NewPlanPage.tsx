import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  rolloutsPlanCreatePermission,
  type Cluster,
} from '@agentyard/plugin-rollouts-common';
import { AnswerView, Page, Section } from '@agentyard/react';
import {
  Alert,
  Button,
  Flex,
  Select,
  Text,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { rolloutsApiRef } from '../api';
import { planRouteRef } from '../routes';
import { Nav } from './Nav';
import { useRollouts, useTexts } from './useRollouts';

const label = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Asks a cluster what it would change. */
export function NewPlanPage() {
  const t = useTexts();
  const { loading, allowed } = usePermission({
    permission: rolloutsPlanCreatePermission,
  });
  const { answer, ask } = useRollouts(
    (api, signal) => api.getClusters({ signal }),
    [],
    { refreshMs: 60_000 },
  );
  return (
    <Page>
      <Nav />
      <Section title={t('newPlan.title')}>
        <Flex direction="column" gap="4">
          <Text as="p" color="secondary">
            {t('newPlan.lead')}
          </Text>
          {!loading && !allowed ? (
            <Alert status="warning" icon title={t('newPlan.denied')} />
          ) : (
            <AnswerView
              answer={answer}
              subject={t('subject.clusters')}
              onRetry={ask}
            >
              {({ items }) => (
                <PlanForm
                  clusters={items.filter(({ state }) => state === 'reachable')}
                />
              )}
            </AnswerView>
          )}
        </Flex>
      </Section>
    </Page>
  );
}

function PlanForm({ clusters }: { clusters: Cluster[] }) {
  const t = useTexts();
  const api = useApi(rolloutsApiRef);
  const navigate = useNavigate();
  const planHref = useRouteRef(planRouteRef);
  const [request, setRequest] = useState({
    name: '',
    cluster: clusters[0]?.name ?? '',
    namespace: 'default',
    manifests: '',
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const set = (change: Partial<typeof request>) =>
    setRequest(before => ({ ...before, ...change }));
  const complete =
    label.test(request.name) &&
    label.test(request.namespace) &&
    request.cluster &&
    request.manifests.trim();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { id } = await api.createPlan(request);
      navigate(planHref({ id }));
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  };

  if (clusters.length === 0) {
    return <Alert status="warning" icon title={t('newPlan.noCluster')} />;
  }
  return (
    <form onSubmit={submit}>
      <Flex direction="column" gap="4">
        <TextField
          label={t('newPlan.name')}
          description={t('newPlan.nameHint')}
          value={request.name}
          isRequired
          validate={value => label.test(value) || t('newPlan.nameBad')}
          onChange={name => set({ name })}
        />
        <Select
          label={t('newPlan.cluster')}
          options={clusters.map(({ name, title }) => ({
            value: name,
            label: title ?? name,
          }))}
          value={request.cluster}
          onChange={cluster => set({ cluster: String(cluster) })}
        />
        <TextField
          label={t('newPlan.namespace')}
          value={request.namespace}
          isRequired
          validate={value => label.test(value) || t('newPlan.nameBad')}
          onChange={namespace => set({ namespace })}
        />
        <TextAreaField
          label={t('newPlan.manifests')}
          description={t('newPlan.manifestsHint')}
          value={request.manifests}
          isRequired
          rows={14}
          onChange={manifests => set({ manifests })}
        />
        {error && (
          <Alert
            status="danger"
            icon
            title={t('newPlan.failed')}
            description={error}
          />
        )}
        <span>
          <Button type="submit" isDisabled={busy || !complete}>
            {busy ? t('newPlan.busy') : t('newPlan.submit')}
          </Button>
        </span>
      </Flex>
    </form>
  );
}
