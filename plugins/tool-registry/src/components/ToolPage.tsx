import { useRouteRef, useRouteRefParams } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { Tool } from '@agentyard/plugin-tool-registry-common';
import {
  AnswerView,
  Facts,
  Page,
  Section,
  Since,
  Title,
} from '@agentyard/react';
import { Alert, Badge, Flex, Link, Text } from '@backstage/ui';
import {
  catalogRouteRef,
  serverRouteRef,
  toolRouteRef,
  toolsRouteRef,
} from '../routes';
import { CodeBlock } from './CodeBlock';
import { connectSnippets } from './connectSnippets';
import { HealthStatus } from './HealthStatus';
import { SchemaTable } from './SchemaTable';
import { useRegistry, useTexts } from './useRegistry';
import { VerdictStatus } from './VerdictStatus';

/** What does it take and give, and how do I use it? */
export function ToolPage() {
  const t = useTexts();
  const { id } = useRouteRefParams(toolRouteRef);
  const toolsHref = useRouteRef(toolsRouteRef);
  return (
    <Page back={{ href: toolsHref(), text: t('tool.back') }}>
      <ToolDetail id={id} />
    </Page>
  );
}

/** A tool with its schema, its use and where it comes from. */
export function ToolDetail({ id }: { id: string }) {
  const t = useTexts();
  const { answer, ask } = useRegistry(
    (api, signal) => api.getTool(id, { signal }),
    [id],
  );
  return (
    <AnswerView answer={answer} subject={t('subject.tool')} onRetry={ask}>
      {tool => (
        <Flex direction="column" gap="4">
          <Title>{tool.title ?? tool.name}</Title>
          <Flex gap="4" style={{ flexWrap: 'wrap' }}>
            <VerdictStatus status={tool.catalog.verdict} />
            <HealthStatus state={tool.server.health} />
          </Flex>
          {tool.description && <Text as="p">{tool.description}</Text>}
          {tool.live === 'missing' && (
            <Alert status="warning" icon title={t('tool.missingLive')} />
          )}
          <Section title={t('tool.takes')}>
            <Schema tool={tool} of="inputSchema" />
          </Section>
          <Section title={t('tool.gives')}>
            <Schema tool={tool} of="outputSchema" />
          </Section>
          {tool.examples.length > 0 && <Examples tool={tool} />}
          <Section title={t('tool.use')}>
            <Flex direction="column" gap="4">
              <Text as="p" color="secondary">
                {t('tool.useHint')}
              </Text>
              {connectSnippets(tool).map(({ label, text }) => (
                <CodeBlock key={label} label={label} text={text} />
              ))}
            </Flex>
          </Section>
          <Origin tool={tool} />
        </Flex>
      )}
    </AnswerView>
  );
}

function Schema(props: { tool: Tool; of: 'inputSchema' | 'outputSchema' }) {
  const t = useTexts();
  const { tool, of } = props;
  if (!tool.liveTool) {
    return (
      <Text as="p" color="secondary">
        {t('tool.noSchema', { reason: '' })}
      </Text>
    );
  }
  const schema = tool.liveTool[of];
  const empty =
    of === 'inputSchema' ? t('tool.takesNothing') : t('tool.givesText');
  if (!schema) return <Text as="p">{empty}</Text>;
  return (
    <Flex direction="column" gap="3">
      <SchemaTable schema={schema} empty={empty} />
      <Text as="p" color="secondary">
        {t('tool.unsigned')}
      </Text>
    </Flex>
  );
}

function Examples({ tool }: { tool: Tool }) {
  const t = useTexts();
  return (
    <Section title={t('tool.examples')}>
      <Flex direction="column" gap="4">
        {tool.examples.map((example, index) => (
          <Flex direction="column" gap="2" key={index}>
            {example.description && <Text as="p">{example.description}</Text>}
            {example.input && (
              <CodeBlock
                label={t('tool.input')}
                text={JSON.stringify(example.input, null, 2)}
              />
            )}
            {example.output && (
              <CodeBlock
                label={t('tool.output')}
                text={JSON.stringify(example.output, null, 2)}
              />
            )}
          </Flex>
        ))}
      </Flex>
    </Section>
  );
}

function Origin({ tool }: { tool: Tool }) {
  const t = useTexts();
  const catalogHref = useRouteRef(catalogRouteRef);
  const serverHref = useRouteRef(serverRouteRef);
  return (
    <Section title={t('tool.facts')}>
      <Facts
        items={[
          [
            t('tool.catalog'),
            <Flex key="catalog" gap="3" style={{ flexWrap: 'wrap' }}>
              <Link href={catalogHref({ id: tool.catalog.id })}>
                {tool.catalog.title}
              </Link>
              <VerdictStatus status={tool.catalog.verdict} />
            </Flex>,
          ],
          [
            t('tool.server'),
            <Flex key="server" gap="3" style={{ flexWrap: 'wrap' }}>
              <Link href={serverHref({ id: tool.server.id })}>
                {tool.server.title}
              </Link>
              <HealthStatus state={tool.server.health} />
            </Flex>,
          ],
          [t('tool.owner'), <EntityRefLink key="o" entityRef={tool.owner} />],
          [
            t('tool.entity'),
            <EntityRefLink key="e" entityRef={tool.entityRef} />,
          ],
          [t('tool.version'), tool.version],
          [
            t('tool.capabilities'),
            tool.capabilities.length ? (
              <Flex gap="2" style={{ flexWrap: 'wrap' }}>
                {tool.capabilities.map(capability => (
                  <Badge key={capability}>{capability}</Badge>
                ))}
              </Flex>
            ) : undefined,
          ],
          [t('tool.spec'), tool.specUrl],
          [t('tool.digest'), <code key="d">{tool.digest}</code>],
          [t('tool.firstSeen'), <Since key="f" at={tool.firstSeenAt} />],
          [t('tool.changed'), <Since key="c" at={tool.changedAt} />],
        ]}
      />
    </Section>
  );
}
