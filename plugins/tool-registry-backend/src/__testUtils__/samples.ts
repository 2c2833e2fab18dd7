import { createHash } from 'node:crypto';
import type { AcceptedCatalog } from '../database/CatalogStore';
import { normaliseServerUrl, toServerId } from '../service/names';
import type { EatCatalogSource } from '../service/SourceDefinition';

export const ORDERS_MCP = 'https://mcp.example.org/orders/mcp';

/** A source as the configuration would declare it. */
export function catalogSource(
  id: string,
  override: Partial<EatCatalogSource> = {},
): EatCatalogSource {
  return {
    id,
    provider: 'config',
    type: 'eat-catalog',
    url: `https://${id}.example.org/.well-known/api-catalog`,
    owner: 'group:default/platform',
    intervalSeconds: 300,
    profile: 'strict',
    mode: 'enforce',
    ...override,
  };
}

/** A catalog with these tools, as a reader would accept it; equal tools give equal digests. */
export function acceptedCatalog(
  sourceId: string,
  tools: Array<{
    name: string;
    description?: string;
    capabilities?: string[];
    serverUrl?: string;
    entityName?: string;
  }>,
  override: Partial<AcceptedCatalog> = {},
): AcceptedCatalog {
  const entries = tools.map(tool => ({
    name: tool.name,
    description: tool.description ?? '',
    spec_url: `https://${sourceId}.example.org/specs/openapi.yaml`,
    'x-mcp-tool': {
      server_url: tool.serverUrl ?? ORDERS_MCP,
      capabilities: tool.capabilities ?? [],
    },
  }));
  return {
    digest: digestOf(entries),
    seq: 1,
    verdict: 'verified',
    metadata: { title: `Tools of ${sourceId}` },
    signature: {
      issuer: `did:web:${sourceId}.example.org`,
      kid: `did:web:${sourceId}.example.org#1`,
      algorithm: 'RS256',
    },
    tools: entries.map((entry, index) => {
      const { server_url: url, capabilities } = entry['x-mcp-tool'];
      const entityName =
        tools[index].entityName ?? `${sourceId}.${tools[index].name}`;
      return {
        name: entry.name,
        description: entry.description,
        digest: digestOf(entry),
        definition: entry,
        serverId: toServerId(url),
        serverUrl: normaliseServerUrl(url),
        capabilities,
        entityName: {
          wished: entityName,
          otherwise: `${entityName}-${sourceId}`,
        },
      };
    }),
    ...override,
  };
}

function digestOf(value: unknown) {
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')}`;
}
