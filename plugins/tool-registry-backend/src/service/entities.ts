import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import {
  ANNOTATION_CATALOG_DIGEST,
  ANNOTATION_PUBLISHER,
  ANNOTATION_SERVER_ID,
  ANNOTATION_SERVER_URL,
  ANNOTATION_SOURCE_ID,
  ANNOTATION_TOOL_DIGEST,
  ANNOTATION_TOOL_ID,
  ANNOTATION_VERDICT,
  MCP_SERVER_TYPE,
  MCP_TOOL_TYPE,
  TOOL_CATALOG_TYPE,
} from '@agentyard/plugin-tool-registry-common';
import type { StoredTool } from '../database/CatalogStore';
import type { RegistryView } from './RegistryView';
import { capabilitiesOf } from './capabilities';

const MAX_DESCRIPTION = 1000;
const MAX_TITLE = 100;
const MAX_TAGS = 10;

/**
 * The entities that stand from sources and accepted snapshots. Nothing in them comes from a failed
 * attempt, so that a failure changes none. Where a hand-written entity declares the source, that one
 * stands and is not emitted.
 */
export function buildEntities(
  view: RegistryView,
  tools: StoredTool[],
): Entity[] {
  return [
    ...buildCatalogs(view),
    ...buildServers(view),
    ...tools.flatMap(tool => buildTool(view, tool)),
  ];
}

function buildCatalogs(view: RegistryView): Entity[] {
  return [...view.catalogs.values()].flatMap(snapshot => {
    const definition = view.sources.get(snapshot.sourceId)?.definition;
    if (!definition || definition.entityRef) {
      return [];
    }
    const { name, title } = view.catalogIdentity(definition);
    return [
      entity({
        kind: 'Resource',
        name,
        title,
        description: snapshot.metadata.description,
        annotations: {
          [ANNOTATION_SOURCE_ID]: definition.id,
          [ANNOTATION_CATALOG_DIGEST]: snapshot.digest,
          [ANNOTATION_VERDICT]: snapshot.verdict,
          [ANNOTATION_PUBLISHER]: snapshot.signature?.issuer,
        },
        spec: {
          type: TOOL_CATALOG_TYPE,
          owner: definition.owner,
          url: definition.url,
          ...(snapshot.signature && { publisher: snapshot.signature.issuer }),
        },
      }),
    ];
  });
}

function buildServers(view: RegistryView): Entity[] {
  return [...view.servers.values()].flatMap(server => {
    const identity = view.serverIdentity(server.id, server.url);
    if (identity.handWritten || !isHttp(server.url)) {
      return [];
    }
    return [
      entity({
        kind: 'API',
        name: identity.name,
        title: identity.title,
        description: `MCP server at ${identity.address}`,
        tags: ['mcp'],
        annotations: {
          [ANNOTATION_SOURCE_ID]: identity.sourceId,
          [ANNOTATION_SERVER_ID]: server.id,
          [ANNOTATION_SERVER_URL]: server.url,
        },
        spec: {
          type: MCP_SERVER_TYPE,
          lifecycle: 'production',
          owner: identity.owner,
          remotes: [{ type: 'streamable-http', url: server.url }],
        },
      }),
    ];
  });
}

function buildTool(view: RegistryView, tool: StoredTool): Entity[] {
  const definition = view.sources.get(tool.sourceId)?.definition;
  const snapshot = view.catalogs.get(tool.sourceId);
  if (!definition || !snapshot) {
    return [];
  }
  const server = view.serverIdentity(tool.serverId, tool.serverUrl);
  return [
    entity({
      kind: 'API',
      name: tool.entityName,
      title: tool.name,
      description: tool.definition.description,
      tags: tagsOf(tool),
      annotations: {
        [ANNOTATION_SOURCE_ID]: tool.sourceId,
        [ANNOTATION_TOOL_ID]: `${tool.sourceId}:${tool.name}`,
        [ANNOTATION_TOOL_DIGEST]: tool.digest,
        [ANNOTATION_CATALOG_DIGEST]: snapshot.digest,
        [ANNOTATION_VERDICT]: snapshot.verdict,
        [ANNOTATION_SERVER_URL]: isHttp(tool.serverUrl)
          ? tool.serverUrl
          : undefined,
      },
      spec: {
        type: MCP_TOOL_TYPE,
        lifecycle: 'production',
        owner: definition.owner,
        server: server.entityRef,
        catalog: view.catalogIdentity(definition).entityRef,
        definition: JSON.stringify(tool.definition, null, 2),
      },
    }),
  ];
}

function entity(parts: {
  kind: 'API' | 'Resource';
  name: string;
  title: string;
  description: unknown;
  tags?: string[];
  annotations: Record<string, string | undefined>;
  spec: JsonObject;
}): Entity {
  const annotations = Object.fromEntries(
    Object.entries(parts.annotations).filter(([, value]) => value),
  ) as Record<string, string>;
  const description =
    typeof parts.description === 'string'
      ? shorten(parts.description, MAX_DESCRIPTION)
      : '';
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: parts.kind,
    metadata: {
      name: parts.name,
      title: shorten(parts.title, MAX_TITLE),
      ...(description && { description }),
      ...(parts.tags?.length && { tags: parts.tags }),
      annotations,
    },
    spec: parts.spec,
  };
}

/** Capabilities that are valid tags as they are; the rest is on the tool's page. */
function tagsOf(tool: StoredTool): string[] {
  const tags = capabilitiesOf(tool.definition).filter(
    tag => tag.length <= 63 && /^[a-z0-9+#]+(-[a-z0-9+#]+)*$/.test(tag),
  );
  return [...new Set(['mcp', ...tags])].slice(0, MAX_TAGS);
}

function shorten(text: string, length: number) {
  const trimmed = text.trim();
  return trimmed.length <= length
    ? trimmed
    : `${trimmed.slice(0, length - 1)}…`;
}

function isHttp(url: string) {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
