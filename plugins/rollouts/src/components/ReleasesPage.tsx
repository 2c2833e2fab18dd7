import { useRouteRef } from '@backstage/core-plugin-api';
import type { Release } from '@agentyard/plugin-rollouts-common';
import {
  AnswerView,
  Nothing,
  Page,
  Section,
  Since,
  Status,
} from '@agentyard/react';
import { Flex, Link, Text } from '@backstage/ui';
import { runRouteRef } from '../routes';
import { Nav } from './Nav';
import { useRollouts, useTexts } from './useRollouts';

/** What stands, and what stood before? */
export function ReleasesPage() {
  const t = useTexts();
  const { answer, ask } = useRollouts((api, signal) =>
    api.getReleases({ limit: 200 }, { signal }),
  );
  return (
    <Page>
      <Nav />
      <AnswerView
        answer={answer}
        subject={t('subject.releases')}
        onRetry={ask}
        empty={({ items }) =>
          items.length ? undefined : (
            <Nothing title={t('releases.lead')} text={t('releases.none')} />
          )
        }
      >
        {({ items }) => (
          <Flex direction="column" gap="4">
            {byTarget(items).map(([target, releases]) => (
              <Section key={target} title={target}>
                <ReleaseList releases={releases} />
              </Section>
            ))}
          </Flex>
        )}
      </AnswerView>
    </Page>
  );
}

/** Releases of one application, newest first. */
export function ReleaseList({ releases }: { releases: Release[] }) {
  const t = useTexts();
  const runHref = useRouteRef(runRouteRef);
  return (
    <Flex direction="column" gap="3">
      {releases.map(release => (
        <Flex direction="column" gap="1" key={release.id}>
          <Flex gap="3" align="center" style={{ flexWrap: 'wrap' }}>
            <Link href={runHref({ id: release.runId })} weight="bold">
              {t('releases.revision', { revision: String(release.revision) })}
            </Link>
            <Status tone={release.current ? 'good' : 'unknown'}>
              {release.current ? t('releases.current') : t('releases.past')}
            </Status>
            <Text color="secondary">
              {t('releases.objects', { count: release.objectCount })}
            </Text>
            <Text color="secondary">
              <Since at={release.createdAt} />
            </Text>
          </Flex>
          {release.images.map(image => (
            <Text
              key={image}
              color="secondary"
              style={{ overflowWrap: 'anywhere' }}
            >
              {image}
            </Text>
          ))}
        </Flex>
      ))}
    </Flex>
  );
}

function byTarget(releases: Release[]): Array<[string, Release[]]> {
  const targets = new Map<string, Release[]>();
  for (const release of releases) {
    const target = `${release.name} · ${release.cluster} · ${release.namespace}`;
    targets.set(target, [...(targets.get(target) ?? []), release]);
  }
  return [...targets];
}
