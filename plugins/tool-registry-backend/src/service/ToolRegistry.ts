import type { Entity } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type {
  Catalog,
  CatalogSummary,
  LiveTool,
  Server,
  ServerSummary,
  Source,
  Tool,
  ToolExample,
  ToolFilter,
  ToolPage,
  ToolSummary,
} from '@agentyard/plugin-tool-registry-common';
import type {
  CatalogStore,
  StoredTool,
  StoredToolFilter,
} from '../database/CatalogStore';
import type { ServerStore, StoredServer } from '../database/ServerStore';
import type { SourceStore, StoredSource } from '../database/SourceStore';
import { capabilitiesOf } from './capabilities';
import { compareLive } from './drift';
import { buildEntities } from './entities';
import { RegistryView } from './RegistryView';
import type { EatCatalogSource } from './SourceDefinition';

const CHANGES_SHOWN = 20;
const DEFAULT_LIMIT = 100;

/** Answers what the registry knows. */
export class ToolRegistry {
  readonly #sources: SourceStore;
  readonly #catalogs: CatalogStore;
  readonly #servers: ServerStore;

  constructor(stores: {
    sources: SourceStore;
    catalogs: CatalogStore;
    servers: ServerStore;
  }) {
    this.#sources = stores.sources;
    this.#catalogs = stores.catalogs;
    this.#servers = stores.servers;
  }

  /** Sources, catalogs and servers as they are now. */
  async view(): Promise<RegistryView> {
    const [sources, catalogs, servers, catalogServers] = await Promise.all([
      this.#sources.list(),
      this.#catalogs.list(),
      this.#servers.list(),
      this.#catalogs.listCatalogServers(),
    ]);
    return new RegistryView({ sources, catalogs, servers, catalogServers });
  }

  async listCatalogs(): Promise<CatalogSummary[]> {
    const view = await this.view();
    return [...view.sources.values()]
      .filter(isCatalog)
      .map(source => view.catalogSummary(source))
      .sort(byTitle);
  }

  /** @throws NotFoundError */
  async getCatalog(id: string): Promise<Catalog> {
    const view = await this.view();
    const source = view.sources.get(id);
    if (!source || !isCatalog(source)) {
      throw new NotFoundError(`No catalog with id '${id}'`);
    }
    const [changes, tools] = await Promise.all([
      this.#catalogs.listChanges(id, CHANGES_SHOWN),
      this.#catalogs.listTools({ sourceIds: [id] }),
    ]);
    return {
      ...view.catalogSummary(source),
      changes,
      tools: tools.map(tool => summariseTool(view, tool)),
    };
  }

  async listServers(): Promise<ServerSummary[]> {
    const [view, placements] = await Promise.all([
      this.view(),
      this.#placements(),
    ]);
    return [...view.servers.values()]
      .map(server => summariseServer(view, server, placements))
      .sort(byTitle);
  }

  /** @throws NotFoundError */
  async getServer(id: string): Promise<Server> {
    const view = await this.view();
    const server = view.servers.get(id);
    if (!server) {
      throw new NotFoundError(`No server with id '${id}'`);
    }
    const [placements, tools, history] = await Promise.all([
      this.#placements(),
      this.#catalogs.listTools({ serverIds: [id] }),
      this.#servers.listProbes(id),
    ]);
    return {
      ...summariseServer(view, server, placements),
      history,
      liveTools: server.liveTools ?? [],
      tools: tools.map(tool => summariseTool(view, tool)),
      ...(server.liveToolsAt && { liveToolsAt: server.liveToolsAt }),
    };
  }

  /** @throws InputError when the cursor is none of ours */
  async listTools(
    request: { filter?: ToolFilter; cursor?: string; limit?: number } = {},
  ): Promise<ToolPage> {
    const { filter = {}, cursor, limit = DEFAULT_LIMIT } = request;
    const view = await this.view();
    const stored = toStoredFilter(view, filter);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const [rows, totalItems] = await Promise.all([
      this.#catalogs.listTools(stored, { after, limit: limit + 1 }),
      this.#catalogs.countTools(stored),
    ]);
    const page = rows.slice(0, limit);
    return {
      items: page.map(tool => summariseTool(view, tool)),
      totalItems,
      ...(rows.length > limit && {
        nextCursor: encodeCursor(page[page.length - 1]),
      }),
    };
  }

  /** @throws NotFoundError */
  async getTool(id: string): Promise<Tool> {
    const split = id.lastIndexOf(':');
    const tool =
      split > 0
        ? await this.#catalogs.getTool(id.slice(0, split), id.slice(split + 1))
        : undefined;
    if (!tool) {
      throw new NotFoundError(`No tool with id '${id}'`);
    }
    const view = await this.view();
    const liveTool = liveToolOf(view, tool);
    const specHash = text(tool.definition.spec_hash);
    return {
      ...summariseTool(view, tool),
      definition: tool.definition,
      specUrl: text(tool.definition.spec_url) ?? '',
      ...(specHash && { specHash }),
      examples: examplesOf(tool),
      ...(liveTool && { liveTool }),
      firstSeenAt: tool.firstSeenAt,
      changedAt: tool.changedAt,
    };
  }

  async listSources(): Promise<Source[]> {
    const view = await this.view();
    return [...view.sources.values()].map(source => view.source(source));
  }

  /** @throws NotFoundError */
  async getSource(id: string): Promise<Source> {
    const view = await this.view();
    const source = view.sources.get(id);
    if (!source) {
      throw new NotFoundError(`No source with id '${id}'`);
    }
    return view.source(source);
  }

  /** The entities that stand from sources and accepted snapshots. */
  async listEntities(): Promise<Entity[]> {
    const [view, tools] = await Promise.all([
      this.view(),
      this.#catalogs.listTools({}),
    ]);
    return buildEntities(view, tools);
  }

  /** Names of the tools that catalogs place on each server, and in which catalogs. */
  async #placements(): Promise<Placements> {
    const [toolNames, catalogServers] = await Promise.all([
      this.#catalogs.listToolNames(),
      this.#catalogs.listCatalogServers(),
    ]);
    const catalogIds = new Map<string, string[]>();
    for (const { serverId, sourceId } of catalogServers) {
      catalogIds.set(serverId, [...(catalogIds.get(serverId) ?? []), sourceId]);
    }
    return { toolNames, catalogIds };
  }
}

interface Placements {
  toolNames: Map<string, Set<string>>;
  catalogIds: Map<string, string[]>;
}

function summariseServer(
  view: RegistryView,
  server: StoredServer,
  placements: Placements,
): ServerSummary {
  const { id, name, title, url, entityRef, owner } = view.serverIdentity(
    server.id,
    server.url,
  );
  const signed = placements.toolNames.get(server.id) ?? new Set();
  const { dialect, protocolVersion, serverInfo } = server.description;
  return {
    id,
    name,
    title,
    url,
    entityRef,
    owner,
    health: server.health,
    ...(dialect && { dialect }),
    ...(protocolVersion && { protocolVersion }),
    ...(serverInfo && { serverInfo }),
    catalogIds: placements.catalogIds.get(server.id) ?? [],
    catalogToolCount: signed.size,
    ...(server.liveTools && { liveToolCount: server.liveTools.length }),
    ...(server.liveTools &&
      signed.size > 0 && { drift: compareLive(signed, server.liveTools) }),
  };
}

function summariseTool(view: RegistryView, tool: StoredTool): ToolSummary {
  const source = view.sources.get(tool.sourceId);
  if (!source) {
    // The source went between two queries; what it brought goes with it.
    throw new NotFoundError(`No source with id '${tool.sourceId}'`);
  }
  const server = view.servers.get(tool.serverId);
  const liveTool = liveToolOf(view, tool);
  const title =
    liveTool?.title ?? text(liveTool?.annotations?.title) ?? undefined;
  const version = text(tool.definition.version);
  const {
    id,
    name,
    title: serverTitle,
    url,
    entityRef,
  } = view.serverIdentity(tool.serverId, tool.serverUrl);
  return {
    id: `${tool.sourceId}:${tool.name}`,
    name: tool.name,
    ...(title && { title }),
    description: text(tool.definition.description) ?? '',
    ...(version && { version }),
    capabilities: capabilitiesOf(tool.definition),
    owner: source.definition.owner,
    entityRef: `api:default/${tool.entityName.toLocaleLowerCase('en-US')}`,
    digest: tool.digest,
    catalog: {
      ...view.catalogIdentity(source.definition),
      verdict: source.verdict?.status ?? 'unverified',
    },
    server: {
      id,
      name,
      title: serverTitle,
      url,
      entityRef,
      health: server?.health.state ?? 'unknown',
    },
    live: liveState(server, liveTool),
  };
}

function liveState(
  server: StoredServer | undefined,
  liveTool: LiveTool | undefined,
) {
  if (!server?.liveTools) {
    return 'unknown';
  }
  return liveTool ? 'listed' : 'missing';
}

function liveToolOf(
  view: RegistryView,
  tool: StoredTool,
): LiveTool | undefined {
  return view.servers
    .get(tool.serverId)
    ?.liveTools?.find(live => live.name === tool.name);
}

function examplesOf(tool: StoredTool): ToolExample[] {
  const extension = tool.definition['x-mcp-tool'] as JsonObject | undefined;
  const examples = Array.isArray(extension?.examples)
    ? (extension.examples as JsonObject[])
    : [];
  return examples.filter(isObject).map(example => {
    const description = text(example.description);
    return {
      ...(description && { description }),
      ...(isObject(example.input) && { input: example.input }),
      ...(isObject(example.output) && { output: example.output }),
    };
  });
}

function toStoredFilter(
  view: RegistryView,
  filter: ToolFilter,
): StoredToolFilter {
  const sources = [...view.sources.values()].filter(
    ({ definition, verdict }) =>
      (!filter.catalogId || definition.id === filter.catalogId) &&
      (!filter.owner || definition.owner === filter.owner) &&
      (!filter.verdict || (verdict?.status ?? 'unverified') === filter.verdict),
  );
  const servers = [...view.servers.values()].filter(
    server =>
      (!filter.serverId || server.id === filter.serverId) &&
      (!filter.health || server.health.state === filter.health),
  );
  return {
    sourceIds: sources.map(source => source.definition.id),
    ...((filter.serverId || filter.health) && {
      serverIds: servers.map(server => server.id),
    }),
    ...(filter.capability && { capability: filter.capability }),
    ...(filter.query && { words: filter.query.split(/\s+/).filter(Boolean) }),
  };
}

function encodeCursor(tool: StoredTool): string {
  return Buffer.from(JSON.stringify([tool.name, tool.sourceId])).toString(
    'base64url',
  );
}

function decodeCursor(cursor: string): { name: string; sourceId: string } {
  try {
    const [name, sourceId] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    if (typeof name === 'string' && typeof sourceId === 'string') {
      return { name, sourceId };
    }
  } catch {
    // said below
  }
  throw new InputError(
    'The cursor is not one that this list gave; ask without one to begin anew',
  );
}

function isCatalog(
  source: StoredSource,
): source is StoredSource<EatCatalogSource> {
  return source.definition.type === 'eat-catalog';
}

function byTitle(a: { title: string }, b: { title: string }) {
  return a.title.localeCompare(b.title, 'en');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
