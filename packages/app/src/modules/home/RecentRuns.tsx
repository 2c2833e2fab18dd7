import type { RunSummary } from '@agentyard/plugin-rollouts-common';
import {
  AnswerView,
  Since,
  Status,
  type StatusTone,
  type useAnswer,
} from '@agentyard/react';
import { Box, Card, CardBody, Flex, Link, Text } from '@backstage/ui';

const tones: Record<NonNullable<RunSummary['verdict']>, StatusTone> = {
  succeeded: 'good',
  'rolled-back': 'warning',
  failed: 'bad',
  inconclusive: 'warning',
};

/** The newest rollouts. */
export function RecentRuns(props: {
  runs: ReturnType<typeof useAnswer<RunSummary[]>>;
}) {
  const { answer, ask } = props.runs;
  return (
    <section aria-labelledby="recent">
      <Text as="h2" id="recent" variant="title-small" weight="bold">
        What is new
      </Text>
      <Box mt="3">
        <Card>
          <CardBody>
            <AnswerView
              answer={answer}
              subject="the rollouts"
              onRetry={ask}
              empty={runs =>
                runs.length ? undefined : (
                  <Text as="p" color="secondary">
                    Nothing has been rolled out yet. Create a service and roll
                    it out, or plan a rollout on the page Rollouts.
                  </Text>
                )
              }
            >
              {runs => (
                <Flex direction="column" gap="3">
                  {runs.slice(0, 5).map(run => (
                    <Flex
                      key={run.id}
                      justify="between"
                      gap="3"
                      style={{ flexWrap: 'wrap' }}
                    >
                      <Link
                        href={`/rollouts/runs/${encodeURIComponent(run.id)}`}
                      >
                        {run.name} to {run.cluster}
                      </Link>
                      <Flex gap="3">
                        <Status
                          tone={run.verdict ? tones[run.verdict] : 'busy'}
                        >
                          {run.verdict ?? run.state}
                        </Status>
                        <Text color="secondary">
                          <Since at={run.updatedAt} />
                        </Text>
                      </Flex>
                    </Flex>
                  ))}
                </Flex>
              )}
            </AnswerView>
          </CardBody>
        </Card>
      </Box>
    </section>
  );
}
