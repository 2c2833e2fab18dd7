import { useRouteRef, useRouteRefParams } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  Catalog,
  Verdict,
  VerificationStep,
} from '@agentyard/plugin-tool-registry-common';
import {
  AnswerView,
  Facts,
  Page,
  Section,
  Since,
  Status,
  type StatusTone,
  Title,
} from '@agentyard/react';
import { Alert, Flex, Text } from '@backstage/ui';
import { catalogRouteRef, catalogsRouteRef } from '../routes';
import styles from './CatalogPage.module.css';
import { ToolTable } from './ToolsPage';
import { useRegistry, useTexts } from './useRegistry';

/** Who says so, and is it true? One catalog's verdict with its steps, its signer, its changes. */
export function CatalogPage() {
  const t = useTexts();
  const { id } = useRouteRefParams(catalogRouteRef);
  const catalogsHref = useRouteRef(catalogsRouteRef);
  return (
    <Page back={{ href: catalogsHref(), text: t('catalog.back') }}>
      <CatalogDetail id={id} />
    </Page>
  );
}

/** A catalog with its verdict first. */
export function CatalogDetail({ id }: { id: string }) {
  const t = useTexts();
  const { answer, ask } = useRegistry(
    (api, signal) => api.getCatalog(id, { signal }),
    [id],
  );
  return (
    <AnswerView answer={answer} subject={t('subject.catalog')} onRetry={ask}>
      {catalog => (
        <Flex direction="column" gap="4">
          <Title>{catalog.title}</Title>
          {catalog.description && <Text as="p">{catalog.description}</Text>}
          <VerdictSection verdict={catalog.verdict} />
          <Signature catalog={catalog} />
          <Section title={t('catalog.tools')}>
            {catalog.snapshot ? (
              <ToolTable tools={catalog.tools} />
            ) : (
              <Text as="p" color="secondary">
                {t('catalog.snapshotNone')}
              </Text>
            )}
          </Section>
          <Changes catalog={catalog} />
        </Flex>
      )}
    </AnswerView>
  );
}

const alerts = {
  verified: 'success',
  unverified: 'info',
  refused: 'danger',
  unreachable: 'warning',
} as const;

function VerdictSection({ verdict }: { verdict: Verdict }) {
  const t = useTexts();
  return (
    <Section title={t('verdict.title')}>
      <Flex direction="column" gap="4">
        <Alert
          status={alerts[verdict.status]}
          icon
          title={t(`verdict.${verdict.status}`)}
          description={t(`verdict.lead.${verdict.status}`)}
        />
        {verdict.reasons.length > 0 && (
          <ul className={styles.reasons}>
            {verdict.reasons.map((reason, index) => (
              <li key={index}>
                <code>{reason.code}</code> {reason.message}
              </li>
            ))}
          </ul>
        )}
        <Facts
          items={[
            [t('verdict.since'), verdict.since && <Since at={verdict.since} />],
            [
              t('verdict.checked'),
              verdict.checkedAt && <Since at={verdict.checkedAt} />,
            ],
          ]}
        />
        <Steps steps={verdict.steps} />
      </Flex>
    </Section>
  );
}

const tones: Record<VerificationStep['outcome'], StatusTone> = {
  passed: 'good',
  warned: 'warning',
  failed: 'bad',
  skipped: 'unknown',
};

function Steps({ steps }: { steps: VerificationStep[] }) {
  const t = useTexts();
  return (
    <div>
      <Text as="h3" weight="bold">
        {t('verdict.steps')}
      </Text>
      {steps.length === 0 && (
        <Text as="p" color="secondary">
          {t('verdict.stepNone')}
        </Text>
      )}
      <ol className={styles.steps}>
        {steps.map(step => (
          <li key={step.id}>
            <span className={styles.step}>{step.title}</span>
            <Status tone={tones[step.outcome]}>
              {t(`verdict.outcome.${step.outcome}`)}
            </Status>
            {step.detail && (
              <span className={styles.detail}>{step.detail}</span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Signature({ catalog }: { catalog: Catalog }) {
  const t = useTexts();
  const { snapshot } = catalog;
  const signature = snapshot?.signature;
  return (
    <Section title={t('catalog.signature')}>
      {!signature && (
        <Text as="p" color="secondary">
          {t('catalog.unsigned')}
        </Text>
      )}
      <Facts
        items={[
          [t('catalog.issuer'), signature?.issuer],
          [t('catalog.key'), signature && <code>{signature.kid}</code>],
          [t('catalog.algorithm'), signature?.algorithm],
          [t('catalog.carrier'), signature?.carrier],
          [
            t('catalog.issued'),
            signature?.issuedAt && <Since at={signature.issuedAt} />,
          ],
          [
            t('catalog.expires'),
            signature?.expiresAt && <Since at={signature.expiresAt} />,
          ],
          [t('catalog.sequence'), snapshot?.seq?.toString()],
          [t('catalog.digest'), snapshot && <code>{snapshot.digest}</code>],
          [
            t('catalog.accepted'),
            snapshot && <Since at={snapshot.acceptedAt} />,
          ],
          [
            t('catalog.confirmed'),
            snapshot && <Since at={snapshot.confirmedAt} />,
          ],
          [t('catalog.address'), catalog.url],
          [t('catalog.profile'), catalog.profile],
          [t('catalog.mode'), catalog.mode],
          [
            t('tool.owner'),
            <EntityRefLink key="owner" entityRef={catalog.owner} />,
          ],
          [
            t('tool.entity'),
            <EntityRefLink key="entity" entityRef={catalog.entityRef} />,
          ],
        ]}
      />
    </Section>
  );
}

function Changes({ catalog }: { catalog: Catalog }) {
  const t = useTexts();
  const { changes } = catalog;
  return (
    <Section title={t('catalog.changes')}>
      {changes.length === 0 && (
        <Text as="p" color="secondary">
          {t('catalog.changesNone')}
        </Text>
      )}
      <ol className={styles.changes}>
        {changes.map(change => (
          <li key={`${change.at}${change.digest}`}>
            <Text color="secondary">
              <Since at={change.at} />
            </Text>
            {change.previousDigest ? (
              <ul className={styles.reasons}>
                {change.tools.map(tool => (
                  <li key={tool.name}>
                    <code>{tool.name}</code> {t(`catalog.${tool.kind}`)}{' '}
                    {tool.code && <code>{tool.code}</code>}
                  </li>
                ))}
              </ul>
            ) : (
              <Text as="p">
                {t('catalog.first', { count: change.tools.length })}
              </Text>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
