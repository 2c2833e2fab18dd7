import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { AnswerView, Section } from '@agentyard/react';
import { Flex, Text } from '@backstage/ui';
import { ReleaseList } from '../components/ReleasesPage';
import { RunList } from '../components/RunList';
import { useRollouts, useTexts } from '../components/useRollouts';

/**
 * What of this entity stands where, and how it came there.
 *
 * @public
 */
export function EntityRolloutsContent() {
  const t = useTexts();
  const entityRef = stringifyEntityRef(useEntity().entity);
  const { answer, ask } = useRollouts(
    async (api, signal) => {
      const [runs, releases] = await Promise.all([
        api.getRuns({ entityRef, limit: 20 }, { signal }),
        api.getReleases({ entityRef, limit: 50 }, { signal }),
      ]);
      return {
        runs: runs.items,
        standing: releases.items.filter(({ current }) => current),
      };
    },
    [entityRef],
    { refreshMs: 5_000 },
  );
  return (
    <AnswerView
      answer={answer}
      subject={t('subject.runs')}
      onRetry={ask}
      empty={({ runs }) =>
        runs.length ? undefined : (
          <Text as="p" color="secondary">
            {t('entity.none')}
          </Text>
        )
      }
    >
      {({ runs, standing }) => (
        <Flex direction="column" gap="4">
          {standing.length > 0 && (
            <Section title={t('entity.stands')}>
              <ReleaseList releases={standing} />
            </Section>
          )}
          <Section title={t('entity.runs')}>
            <RunList runs={runs} />
          </Section>
        </Flex>
      )}
    </AnswerView>
  );
}
