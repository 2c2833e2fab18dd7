import { isActiveRun } from '@agentyard/plugin-rollouts-common';
import { AnswerView, Page, Section } from '@agentyard/react';
import { Flex, Text } from '@backstage/ui';
import { Nav } from './Nav';
import { RunList } from './RunList';
import { useRollouts, useTexts } from './useRollouts';

/** What is moving? */
export function RunsPage() {
  const t = useTexts();
  const { answer, ask } = useRollouts(
    (api, signal) => api.getRuns({ limit: 100 }, { signal }),
    [],
    { refreshMs: 5_000 },
  );
  return (
    <Page>
      <Nav />
      <AnswerView answer={answer} subject={t('subject.runs')} onRetry={ask}>
        {({ items }) => {
          const moving = items.filter(isActiveRun);
          const recent = items.filter(run => !isActiveRun(run));
          return (
            <Flex direction="column" gap="4">
              <Section title={t('runs.moving')}>
                {moving.length ? (
                  <RunList runs={moving} />
                ) : (
                  <Text as="p" color="secondary">
                    {t('runs.movingNone')}
                  </Text>
                )}
              </Section>
              <Section title={t('runs.recent')}>
                {recent.length ? (
                  <RunList runs={recent} />
                ) : (
                  <Text as="p" color="secondary">
                    {t('runs.recentNone')}
                  </Text>
                )}
              </Section>
            </Flex>
          );
        }}
      </AnswerView>
    </Page>
  );
}
