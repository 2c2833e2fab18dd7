import {
  useApi,
  useRouteRef,
  useRouteRefParams,
} from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  formatObjectRef,
  rolloutsRunStartPermission,
  type Plan,
  type PlanAction,
  type PlanObject,
  type PlanProblem,
} from '@agentyard/plugin-rollouts-common';
import {
  AnswerView,
  Facts,
  Page,
  Section,
  Since,
  Title,
} from '@agentyard/react';
import {
  Accordion,
  AccordionGroup,
  AccordionPanel,
  AccordionTrigger,
  Alert,
  Badge,
  Flex,
  Text,
} from '@backstage/ui';
import { useNavigate } from 'react-router-dom';
import { rolloutsApiRef } from '../api';
import { planRouteRef, rolloutsRouteRef, runRouteRef } from '../routes';
import { ConfirmButton } from './ConfirmButton';
import { DiffView } from './DiffView';
import { useRollouts, useTexts } from './useRollouts';

/** What would change, exactly? */
export function PlanPage() {
  const t = useTexts();
  const { id } = useRouteRefParams(planRouteRef);
  const rolloutsHref = useRouteRef(rolloutsRouteRef);
  const { answer, ask } = useRollouts(
    (api, signal) => api.getPlan(id, { signal }),
    [id],
    { refreshMs: 60_000 },
  );
  return (
    <Page back={{ href: rolloutsHref(), text: t('nav.back') }}>
      <AnswerView answer={answer} subject={t('subject.plan')} onRetry={ask}>
        {plan => <PlanDetail plan={plan} />}
      </AnswerView>
    </Page>
  );
}

const actions: PlanAction[] = [
  'refused',
  'create',
  'update',
  'prune',
  'keep',
  'unchanged',
];

function PlanDetail({ plan }: { plan: Plan }) {
  const t = useTexts();
  const errors = plan.problems.filter(({ severity }) => severity === 'error');
  const warnings = plan.problems.filter(
    ({ severity }) => severity === 'warning',
  );
  return (
    <Flex direction="column" gap="4">
      <Title
        actions={plan.state === 'ready' ? <Start plan={plan} /> : undefined}
      >
        {t('runs.of', { name: plan.name, cluster: plan.cluster })}
      </Title>
      <Section title={t('plan.question')}>
        <Flex direction="column" gap="4">
          <PlanState plan={plan} />
          <Flex gap="2" style={{ flexWrap: 'wrap' }}>
            {actions
              .filter(action => plan.counts[action] > 0)
              .map(action => (
                <Badge key={action}>
                  {plan.counts[action]} {t(`action.${action}`)}
                </Badge>
              ))}
          </Flex>
        </Flex>
      </Section>
      {errors.length > 0 && (
        <Section title={t('plan.problems')}>
          <Problems problems={errors} />
        </Section>
      )}
      {warnings.length > 0 && (
        <Section title={t('plan.warnings')}>
          <Problems problems={warnings} />
        </Section>
      )}
      <Section title={t('plan.objects')}>
        <AccordionGroup allowsMultiple>
          {plan.objects.map(object => (
            <ObjectDiff key={formatObjectRef(object.ref)} object={object} />
          ))}
        </AccordionGroup>
      </Section>
      <Section title={t('run.facts')}>
        <Facts
          items={[
            [t('run.cluster'), plan.cluster],
            [t('run.namespace'), plan.namespace],
            [t('run.digest'), <code key="digest">{plan.digest}</code>],
            [
              t('run.entity'),
              plan.entityRef && <EntityRefLink entityRef={plan.entityRef} />,
            ],
            [t('plan.madeBy'), plan.createdBy],
            [t('plan.made'), <Since key="made" at={plan.createdAt} />],
            [t('plan.expires'), <Since key="until" at={plan.expiresAt} />],
          ]}
        />
      </Section>
    </Flex>
  );
}

function PlanState({ plan }: { plan: Plan }) {
  const t = useTexts();
  switch (plan.state) {
    case 'ready':
      return (
        <Alert
          status="info"
          icon
          title={t('plan.ready')}
          description={t('plan.leadReady')}
        />
      );
    case 'refused':
      return (
        <Alert
          status="danger"
          icon
          title={t('plan.refused')}
          description={t('plan.leadRefused')}
        />
      );
    default:
      return (
        <Alert
          status="warning"
          icon
          title={t('plan.expired')}
          description={t('plan.leadExpired')}
        />
      );
  }
}

function Problems({ problems }: { problems: PlanProblem[] }) {
  return (
    <Flex direction="column" gap="3">
      {problems.map((problem, index) => (
        <Alert
          key={index}
          status={problem.severity === 'error' ? 'danger' : 'warning'}
          icon
          title={[
            problem.code,
            problem.object && formatObjectRef(problem.object),
            problem.field,
          ]
            .filter(Boolean)
            .join(' · ')}
          description={problem.message}
        />
      ))}
    </Flex>
  );
}

function ObjectDiff({ object }: { object: PlanObject }) {
  const t = useTexts();
  const name = formatObjectRef(object.ref);
  return (
    <Accordion>
      <AccordionTrigger title={name} subtitle={t(`action.${object.action}`)} />
      <AccordionPanel>
        <Flex direction="column" gap="2">
          {object.simulated && (
            <Text as="p" color="secondary">
              {t('plan.simulated')}
            </Text>
          )}
          {object.diff ? (
            <DiffView
              diff={object.diff}
              label={t('plan.diffOf', { object: name })}
            />
          ) : (
            <Text as="p" color="secondary">
              {t('plan.noDiff')}
            </Text>
          )}
        </Flex>
      </AccordionPanel>
    </Accordion>
  );
}

function Start({ plan }: { plan: Plan }) {
  const t = useTexts();
  const api = useApi(rolloutsApiRef);
  const navigate = useNavigate();
  const runHref = useRouteRef(runRouteRef);
  return (
    <ConfirmButton
      permission={rolloutsRunStartPermission}
      label={t('plan.start')}
      title={t('plan.startTitle', { name: plan.name, cluster: plan.cluster })}
      text={t('plan.startText', { digest: plan.digest })}
      denied={t('plan.startDenied')}
      failed={t('plan.startFailed')}
      onConfirm={async () => {
        const { id } = await api.startRun({
          planId: plan.id,
          digest: plan.digest,
        });
        navigate(runHref({ id }));
      }}
    />
  );
}
