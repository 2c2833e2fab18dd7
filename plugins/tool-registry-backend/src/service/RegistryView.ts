import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  CatalogSummary,
  Source,
  SourceFetch,
  Verdict,
} from '@agentyard/plugin-tool-registry-common';
import type { StoredCatalog } from '../database/CatalogStore';
import type { StoredServer } from '../database/ServerStore';
import type { StoredSource } from '../database/SourceStore';
import { toEntityName, toHashedEntityName, toServerId } from './names';
import type { EatCatalogSource, SourceDefinition } from './SourceDefinition';

const UNKNOWN_OWNER = 'group:default/unknown';

const NOT_FETCHED: Verdict = {
  status: 'unverified',
  reasons: [
    {
      code: 'NOT_FETCHED',
      message: 'The catalog was not read yet; it is read shortly.',
    },
  ],
  steps: [],
};

/** How pages and entities call a server. */
export interface ServerIdentity {
  id: string;
  name: string;
  title: string;
  url: string;
  /** Host and path of the URL. */
  address: string;
  entityRef: string;
  owner: string;
  /** Whether a hand-written entity stands for it. */
  handWritten: boolean;
  /** The source that stands for it, when one does. */
  sourceId?: string;
}

/** Sources, catalogs and servers at one moment, and how they belong together. */
export class RegistryView {
  readonly sources: Map<string, StoredSource>;
  readonly catalogs: Map<string, StoredCatalog>;
  readonly servers: Map<string, StoredServer>;
  readonly #serverSources = new Map<string, SourceDefinition>();
  readonly #serverOwners: Map<string, string>;

  /**
   * @param catalogServers - which catalogs name which servers
   */
  constructor(state: {
    sources: StoredSource[];
    catalogs: StoredCatalog[];
    servers: StoredServer[];
    catalogServers: Array<{ serverId: string; sourceId: string }>;
  }) {
    this.sources = new Map(state.sources.map(s => [s.definition.id, s]));
    this.catalogs = new Map(state.catalogs.map(c => [c.sourceId, c]));
    this.servers = new Map(state.servers.map(s => [s.id, s]));
    for (const { definition } of state.sources) {
      if (definition.type === 'mcp-server') {
        const id = toServerId(definition.url);
        const other = this.#serverSources.get(id);
        // A hand-written entity stands before the configuration: two entities for one server help nobody.
        if (!other || (!other.entityRef && definition.entityRef)) {
          this.#serverSources.set(id, definition);
        }
      }
    }
    this.#serverOwners = new Map(
      [...state.catalogServers]
        .reverse()
        .map(({ serverId, sourceId }) => [
          serverId,
          this.sources.get(sourceId)?.definition.owner ?? UNKNOWN_OWNER,
        ]),
    );
  }

  catalogSummary(source: StoredSource<EatCatalogSource>): CatalogSummary {
    const { definition, verdict = NOT_FETCHED } = source;
    const snapshot = this.catalogs.get(definition.id);
    const identity = this.catalogIdentity(definition);
    const description = text(snapshot?.metadata.description);
    return {
      ...identity,
      url: definition.url,
      owner: definition.owner,
      profile: definition.profile,
      mode: definition.mode,
      verdict,
      ...(definition.publisher && { publisher: definition.publisher }),
      ...(description && { description }),
      ...(snapshot && {
        snapshot: {
          digest: snapshot.digest,
          ...(snapshot.seq !== undefined && { seq: snapshot.seq }),
          verdict: snapshot.verdict,
          acceptedAt: snapshot.acceptedAt,
          confirmedAt: snapshot.confirmedAt,
          toolCount: snapshot.toolCount,
          ...(snapshot.signature && { signature: snapshot.signature }),
        },
      }),
    };
  }

  catalogIdentity(definition: SourceDefinition) {
    const { id, entityRef } = definition;
    const name = entityRef ? parseEntityRef(entityRef).name : toEntityName(id);
    return {
      id,
      name,
      title: text(this.catalogs.get(id)?.metadata.title) ?? name,
      entityRef: entityRef ?? ref('resource', name),
    };
  }

  serverIdentity(serverId: string, url: string): ServerIdentity {
    const server = this.servers.get(serverId);
    const source = this.#serverSources.get(serverId);
    const address = printableAddress(url);
    const name = source?.entityRef
      ? parseEntityRef(source.entityRef).name
      : nameServer(source?.id, address, url);
    const info = server?.description.serverInfo;
    return {
      id: serverId,
      name,
      title: info?.title ?? info?.name ?? source?.id ?? address,
      url,
      address,
      entityRef: source?.entityRef ?? ref('api', name),
      owner: source?.owner ?? this.#serverOwners.get(serverId) ?? UNKNOWN_OWNER,
      handWritten: source?.entityRef !== undefined,
      ...(source && { sourceId: source.id }),
    };
  }

  /** A source as the API shows it; one that is a server shows the server's last probe. */
  source(stored: StoredSource): Source {
    const { definition } = stored;
    return {
      id: definition.id,
      type: definition.type,
      url: definition.url,
      origin: {
        provider: definition.provider,
        ...(definition.entityRef && { entityRef: definition.entityRef }),
      },
      owner: definition.owner,
      intervalSeconds: definition.intervalSeconds,
      ...(definition.type === 'eat-catalog'
        ? {
            profile: definition.profile,
            mode: definition.mode,
            ...(definition.publisher && { publisher: definition.publisher }),
            lastFetch: catalogFetch(stored),
            nextFetchAt: stored.dueAt,
          }
        : serverFetch(this.servers.get(toServerId(definition.url)))),
    };
  }
}

/** The source's id, else the address with a hash, which no tool's or source's name ends with. */
function nameServer(
  sourceId: string | undefined,
  address: string,
  url: string,
) {
  return sourceId === undefined
    ? toHashedEntityName(address, url)
    : toEntityName(sourceId);
}

function catalogFetch(stored: StoredSource): SourceFetch {
  return {
    outcome: outcomeOf(stored.fetchedAt, stored.failure),
    ...(stored.fetchedAt && { at: stored.fetchedAt }),
    ...(stored.succeededAt && { lastSuccessAt: stored.succeededAt }),
    ...(stored.failure && { reason: stored.failure }),
  };
}

function serverFetch(
  server: StoredServer | undefined,
): Pick<Source, 'lastFetch' | 'nextFetchAt'> {
  const { checkedAt, lastHealthyAt, reason, state } = server?.health ?? {};
  const answered = state === 'healthy' || state === 'degraded';
  return {
    lastFetch: {
      outcome: outcomeOf(checkedAt, answered ? undefined : reason),
      ...(checkedAt && { at: checkedAt }),
      ...(lastHealthyAt && { lastSuccessAt: lastHealthyAt }),
      ...(reason && !answered && { reason }),
    },
    ...(server && { nextFetchAt: server.dueAt }),
  };
}

function outcomeOf(at: string | undefined, failure: object | undefined) {
  if (!at) {
    return 'pending';
  }
  return failure ? 'failed' : 'succeeded';
}

/** Host and path, without what may be secret. */
function printableAddress(address: string): string {
  if (!URL.canParse(address)) {
    return address;
  }
  const { host, pathname } = new URL(address);
  return `${host}${pathname.replace(/\/$/, '')}`;
}

function ref(kind: string, name: string) {
  return stringifyEntityRef({ kind, namespace: 'default', name });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
