import { useRouteRef } from '@backstage/core-plugin-api';
import {
  isActiveRun,
  type RunSummary,
} from '@agentyard/plugin-rollouts-common';
import { Since } from '@agentyard/react';
import { Flex, Link, Text } from '@backstage/ui';
import { runRouteRef } from '../routes';
import { Progress } from './Progress';
import { RunStatus } from './RunStatus';
import { useTexts } from './useRollouts';

/** Runs as rows: what, where, how it stands, since when; with progress while it moves. */
export function RunList({ runs }: { runs: RunSummary[] }) {
  const t = useTexts();
  const runHref = useRouteRef(runRouteRef);
  return (
    <Flex direction="column" gap="4">
      {runs.map(run => (
        <Flex direction="column" gap="1" key={run.id}>
          <Flex justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
            <Link href={runHref({ id: run.id })} weight="bold">
              {t('runs.of', { name: run.name, cluster: run.cluster })}
            </Link>
            <Flex gap="3" align="center" style={{ flexWrap: 'wrap' }}>
              <RunStatus state={run.state} />
              <Text color="secondary">
                <Since at={run.updatedAt} />
              </Text>
            </Flex>
          </Flex>
          {isActiveRun(run) && <Progress progress={run.progress} />}
          {run.message && (
            <Text as="p" color="secondary">
              {run.message}
            </Text>
          )}
        </Flex>
      ))}
    </Flex>
  );
}
