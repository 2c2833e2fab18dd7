import type {
  CatalogSummary,
  ServerSummary,
  ToolPage,
} from '@agentyard/plugin-tool-registry-common';
import type { RunSummary } from '@agentyard/plugin-rollouts-common';
import { type Answer, type useAnswer } from '@agentyard/react';
import { Card, CardBody, Flex, Grid, Skeleton, Text } from '@backstage/ui';
import type { ReactNode } from 'react';

type Asked<T> = ReturnType<typeof useAnswer<T>>;

/** How much of each kind is here, and how it stands. */
export function InventoryCards(props: {
  tools: Asked<ToolPage>;
  catalogs: Asked<CatalogSummary[]>;
  servers: Asked<ServerSummary[]>;
  runs: Asked<RunSummary[]>;
}) {
  const { tools, catalogs, servers, runs } = props;
  return (
    <section aria-labelledby="inventory">
      <Text as="h2" id="inventory" variant="title-small" weight="bold">
        What is here
      </Text>
      <Grid.Root columns={{ initial: '1', sm: '2', md: '4' }} gap="3" mt="3">
        <Count href="/tools" title="Tools" answer={tools.answer}>
          {({ totalItems }) => [totalItems, 'from signed catalogs']}
        </Count>
        <Count href="/tool-catalogs" title="Catalogs" answer={catalogs.answer}>
          {items => [
            items.length,
            `${
              items.filter(item => item.verdict.status === 'verified').length
            } verified`,
          ]}
        </Count>
        <Count href="/servers" title="Servers" answer={servers.answer}>
          {items => [
            items.length,
            `${
              items.filter(item => item.health.state === 'healthy').length
            } healthy`,
          ]}
        </Count>
        <Count href="/rollouts" title="Rollouts" answer={runs.answer}>
          {items => [
            items.filter(item => !item.finishedAt).length,
            'running now',
          ]}
        </Count>
      </Grid.Root>
    </section>
  );
}

function Count<T>(props: {
  title: string;
  href: string;
  answer: Answer<T>;
  children: (value: T) => [number, ReactNode];
}) {
  const { title, href, answer, children } = props;
  return (
    <Card href={href} label={title}>
      <CardBody>
        <Flex direction="column" gap="1">
          <Text color="secondary">{title}</Text>
          {answer.state === 'loading' && <Skeleton width={48} height={32} />}
          {answer.state === 'ready' && (
            <>
              <Text variant="title-medium" weight="bold">
                {children(answer.value)[0]}
              </Text>
              <Text color="secondary">{children(answer.value)[1]}</Text>
            </>
          )}
          {answer.state === 'forbidden' && <Text>No permission</Text>}
          {(answer.state === 'unreachable' || answer.state === 'missing') && (
            <Text color="danger">Not reachable</Text>
          )}
        </Flex>
      </CardBody>
    </Card>
  );
}
