import type {
  CatalogSummary,
  ServerSummary,
} from '@agentyard/plugin-tool-registry-common';
import type { RunSummary } from '@agentyard/plugin-rollouts-common';
import { AnswerView, Since, Status, type useAnswer } from '@agentyard/react';
import { Alert, Card, CardBody, Flex, Link, Text } from '@backstage/ui';
import {
  catalogsInTrouble,
  runsInTrouble,
  serversInTrouble,
  type Attention,
} from './attention';

type Asked<T> = ReturnType<typeof useAnswer<T>>;

/** What waits for a person. A question that could not be asked shows as such, never as "nothing". */
export function AttentionList(props: {
  catalogs: Asked<CatalogSummary[]>;
  servers: Asked<ServerSummary[]>;
  runs: Asked<RunSummary[]>;
}) {
  const { catalogs, servers, runs } = props;
  const now = Date.now();
  const all = [catalogs, servers, runs].map(({ answer }) => answer);
  const waiting = [
    ...(runs.answer.state === 'ready'
      ? runsInTrouble(runs.answer.value, now)
      : []),
    ...(catalogs.answer.state === 'ready'
      ? catalogsInTrouble(catalogs.answer.value, now)
      : []),
    ...(servers.answer.state === 'ready'
      ? serversInTrouble(servers.answer.value)
      : []),
  ];
  const known = all.every(({ state }) => state === 'ready');

  return (
    <section aria-labelledby="waiting">
      <Text as="h2" id="waiting" variant="title-small" weight="bold">
        Is anything waiting for me?
      </Text>
      <Flex direction="column" gap="3" mt="3">
        {known && waiting.length === 0 && (
          <Alert
            status="success"
            icon
            title="Nothing is waiting for you"
            description="Every catalog verifies, every server answers, and the last rollout of each application succeeded."
          />
        )}
        {waiting.map(item => (
          <AttentionCard key={item.key} item={item} />
        ))}
        {catalogs.answer.state !== 'ready' && (
          <AnswerView
            answer={catalogs.answer}
            subject="the catalogs"
            onRetry={catalogs.ask}
          >
            {() => null}
          </AnswerView>
        )}
        {servers.answer.state !== 'ready' && (
          <AnswerView
            answer={servers.answer}
            subject="the servers"
            onRetry={servers.ask}
          >
            {() => null}
          </AnswerView>
        )}
        {runs.answer.state !== 'ready' && (
          <AnswerView
            answer={runs.answer}
            subject="the rollouts"
            onRetry={runs.ask}
          >
            {() => null}
          </AnswerView>
        )}
      </Flex>
    </section>
  );
}

function AttentionCard({ item }: { item: Attention }) {
  return (
    <Card>
      <CardBody>
        <Flex direction="column" gap="1">
          <Flex justify="between" gap="3" style={{ flexWrap: 'wrap' }}>
            <Status tone={item.tone}>
              <Link href={item.href} weight="bold">
                {item.title}
              </Link>
            </Status>
            {item.since && (
              <Text color="secondary">
                <Since at={item.since} />
              </Text>
            )}
          </Flex>
          {item.detail && <Text as="p">{item.detail}</Text>}
        </Flex>
      </CardBody>
    </Card>
  );
}
