import {
  useApi,
  useRouteRef,
  useRouteRefParams,
} from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  isActiveRun,
  rolloutsRunRollbackPermission,
  type Run,
  type RunState,
} from '@agentyard/plugin-rollouts-common';
import {
  AnswerView,
  Facts,
  Page,
  Section,
  Since,
  Title,
} from '@agentyard/react';
import { Alert, Flex, Link } from '@backstage/ui';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { rolloutsApiRef } from '../api';
import { planRouteRef, rolloutsRouteRef, runRouteRef } from '../routes';
import { ConfirmButton } from './ConfirmButton';
import { Progress } from './Progress';
import { RunEvidence } from './RunEvidence';
import { RunLog } from './RunLog';
import { RunObjects } from './RunObjects';
import { useRollouts, useTexts } from './useRollouts';

/** Is it good, and if not, why? */
export function RunPage() {
  const t = useTexts();
  const { id } = useRouteRefParams(runRouteRef);
  const rolloutsHref = useRouteRef(rolloutsRouteRef);
  const [active, setActive] = useState(true);
  const { answer, ask } = useRollouts(
    async (api, signal) => {
      const run = await api.getRun(id, { signal });
      setActive(isActiveRun(run));
      return run;
    },
    [id],
    { runId: id, refreshMs: active ? 1_000 : 15_000 },
  );
  return (
    <Page back={{ href: rolloutsHref(), text: t('nav.back') }}>
      <AnswerView answer={answer} subject={t('subject.run')} onRetry={ask}>
        {run => <RunDetail run={run} />}
      </AnswerView>
    </Page>
  );
}

const alerts: Record<RunState, 'info' | 'success' | 'warning' | 'danger'> = {
  pending: 'info',
  applying: 'info',
  pruning: 'info',
  'rolling-back': 'warning',
  succeeded: 'success',
  'rolled-back': 'warning',
  'needs-attention': 'danger',
  failed: 'danger',
  aborted: 'warning',
};

function RunDetail({ run }: { run: Run }) {
  const t = useTexts();
  return (
    <Flex direction="column" gap="4">
      <Title actions={run.canRollback ? <RollBack run={run} /> : undefined}>
        {t('runs.of', { name: run.name, cluster: run.cluster })}
      </Title>
      <Section title={t('run.verdict')}>
        <Flex direction="column" gap="4">
          <div role="status">
            <Alert
              status={alerts[run.state]}
              icon
              isPending={isActiveRun(run)}
              title={t(`state.${run.state}`)}
              description={run.message ?? t(`lead.${run.state}`)}
            />
          </div>
          {(isActiveRun(run) || run.state === 'succeeded') && (
            <Progress progress={run.progress} />
          )}
          {run.evidence.length > 0 && <RunEvidence evidence={run.evidence} />}
        </Flex>
      </Section>
      <Section title={t('run.objects')}>
        <RunObjects objects={run.objects} />
      </Section>
      {run.rollback.length > 0 && (
        <Section title={t('run.rollbackObjects')}>
          <RunObjects objects={run.rollback} />
        </Section>
      )}
      <Section title={t('run.log')}>
        <RunLog events={run.events} />
      </Section>
      <About run={run} />
    </Flex>
  );
}

function RollBack({ run }: { run: Run }) {
  const t = useTexts();
  const api = useApi(rolloutsApiRef);
  const navigate = useNavigate();
  const runHref = useRouteRef(runRouteRef);
  return (
    <ConfirmButton
      permission={rolloutsRunRollbackPermission}
      label={t('run.rollback')}
      title={t('run.rollbackTitle', { name: run.name })}
      text={t('run.rollbackText', { cluster: run.cluster })}
      denied={t('run.rollbackDenied')}
      failed={t('run.rollbackFailed')}
      onConfirm={async () => {
        const { id } = await api.rollbackRun(run.id);
        navigate(runHref({ id }));
      }}
    />
  );
}

function About({ run }: { run: Run }) {
  const t = useTexts();
  const planHref = useRouteRef(planRouteRef);
  const runHref = useRouteRef(runRouteRef);
  return (
    <Section title={t('run.facts')}>
      <Facts
        items={[
          [t('run.cluster'), run.cluster],
          [t('run.namespace'), run.namespace],
          [t('run.revision'), String(run.revision)],
          [
            t('run.plan'),
            <Link key="plan" href={planHref({ id: run.planId })}>
              {run.planId}
            </Link>,
          ],
          [
            t('run.undoes'),
            run.rollbackOf && (
              <Link href={runHref({ id: run.rollbackOf })}>
                {run.rollbackOf}
              </Link>
            ),
          ],
          [t('run.digest'), <code key="digest">{run.digest}</code>],
          [
            t('run.entity'),
            run.entityRef && <EntityRefLink entityRef={run.entityRef} />,
          ],
          [t('run.startedBy'), run.createdBy],
          [t('run.started'), <Since key="started" at={run.createdAt} />],
          [t('run.ended'), run.finishedAt && <Since at={run.finishedAt} />],
        ]}
      />
    </Section>
  );
}
