import {
  discoveryApiRef,
  fetchApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { RolloutsClient } from '@agentyard/plugin-rollouts-common';
import { ToolRegistryClient } from '@agentyard/plugin-tool-registry-common';
import { useAnswer } from '@agentyard/react';
import { Box, ButtonLink, Container, Flex, Text } from '@backstage/ui';
import { useMemo } from 'react';
import { AttentionList } from './AttentionList';
import { InventoryCards } from './InventoryCards';
import { RecentRuns } from './RecentRuns';

/** Answers "is anything waiting for me?", then says what is here and where to go. */
export function HomePage() {
  const discoveryApi = useApi(discoveryApiRef);
  const fetchApi = useApi(fetchApiRef);
  const { registry, rollouts } = useMemo(
    () => ({
      registry: new ToolRegistryClient({ discoveryApi, fetchApi }),
      rollouts: new RolloutsClient({ discoveryApi, fetchApi }),
    }),
    [discoveryApi, fetchApi],
  );

  const fresh = { refreshMs: 15_000 };
  const tools = useAnswer(
    signal => registry.listTools({ limit: 1 }, { signal }),
    [registry],
    fresh,
  );
  const catalogs = useAnswer(
    signal => registry.listCatalogs({ signal }).then(({ items }) => items),
    [registry],
    fresh,
  );
  const servers = useAnswer(
    signal => registry.listServers({ signal }).then(({ items }) => items),
    [registry],
    fresh,
  );
  const runs = useAnswer(
    signal =>
      rollouts.getRuns({ limit: 50 }, { signal }).then(({ items }) => items),
    [rollouts],
    fresh,
  );

  return (
    <Container>
      <Flex direction="column" gap="6" py="6">
        <Flex direction="column" gap="2">
          <Text as="h1" variant="title-large" weight="bold">
            Agentyard
          </Text>
          <Text as="p" variant="body-large" color="secondary">
            The tools of your agents: registered and verified, created from
            templates, signed, and rolled out.
          </Text>
        </Flex>

        <AttentionList catalogs={catalogs} servers={servers} runs={runs} />

        <InventoryCards
          tools={tools}
          catalogs={catalogs}
          servers={servers}
          runs={runs}
        />

        <Box>
          <Text as="h2" variant="title-small" weight="bold">
            Where to go
          </Text>
          <Flex gap="3" mt="3" style={{ flexWrap: 'wrap' }}>
            <ButtonLink href="/tools" variant="primary">
              Find a tool
            </ButtonLink>
            <ButtonLink href="/create" variant="secondary">
              Create an MCP server
            </ButtonLink>
            <ButtonLink href="/rollouts" variant="secondary">
              Follow rollouts
            </ButtonLink>
            <ButtonLink href="/catalog" variant="secondary">
              Browse the software catalog
            </ButtonLink>
          </Flex>
        </Box>

        <RecentRuns runs={runs} />
      </Flex>
    </Container>
  );
}
