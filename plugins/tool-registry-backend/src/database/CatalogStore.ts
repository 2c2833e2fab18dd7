import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { HighWaterMark } from '@agentyard/eat';
import type {
  CatalogChange,
  CatalogSignature,
  ToolChange,
  VerdictStatus,
} from '@agentyard/plugin-tool-registry-common';

interface CatalogRow {
  source_id: string;
  digest: string;
  /** PostgreSQL answers bigint as text. */
  seq: number | string | null;
  verdict_status: string;
  metadata: string;
  signature: string | null;
  accepted_at: string;
  confirmed_at: string;
}

interface ToolRow {
  source_id: string;
  name: string;
  digest: string;
  definition: string;
  server_id: string;
  server_url: string;
  entity_name: string;
  entity_name_key: string;
  search_text: string;
  first_seen_at: string;
  changed_at: string;
}

interface CapabilityRow {
  source_id: string;
  tool_name: string;
  capability: string;
}

interface ChangeRow {
  id: number;
  source_id: string;
  at: string;
  digest: string;
  previous_digest: string | null;
  tools: string;
}

interface MarkRow {
  key: string;
  issuer: string;
  url: string;
  mark: string;
  revision: number;
  updated_at: string;
}

/** The accepted snapshot of a catalog. */
export interface StoredCatalog {
  sourceId: string;
  digest: string;
  seq?: number;
  verdict: VerdictStatus;
  metadata: JsonObject;
  signature?: CatalogSignature;
  acceptedAt: string;
  confirmedAt: string;
  toolCount: number;
}

/** A tool of an accepted snapshot. */
export interface StoredTool {
  sourceId: string;
  name: string;
  digest: string;
  definition: JsonObject;
  serverId: string;
  serverUrl: string;
  entityName: string;
  firstSeenAt: string;
  changedAt: string;
}

/** A catalog as it was read and found good. */
export interface AcceptedCatalog {
  digest: string;
  seq?: number;
  verdict: VerdictStatus;
  metadata: JsonObject;
  signature?: CatalogSignature;
  tools: Array<{
    name: string;
    digest: string;
    definition: JsonObject;
    serverId: string;
    serverUrl: string;
    capabilities: string[];
    description: string;
    /** Wished name of the entity, and the one to take when another tool has it. */
    entityName: { wished: string; otherwise: string };
  }>;
}

/** How far a publisher has come with a catalog. */
export interface StoredMark {
  mark: HighWaterMark;
  /** Counts the changes, so that two readers cannot overtake each other. */
  revision: number;
}

/** Which tools to list; all given conditions must hold. */
export interface StoredToolFilter {
  sourceIds?: string[];
  serverIds?: string[];
  capability?: string;
  /** Each must stand in name, description or capabilities, in any case. */
  words?: string[];
}

const CHUNK = 200;
const CHANGES_KEPT = 100;

/** Tables `catalogs`, `catalog_tools`, `catalog_tool_capabilities`, `catalog_changes`, `high_water_marks`. */
export class CatalogStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  transaction<T>(work: (tx: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.#knex.transaction(work);
  }

  async list(): Promise<StoredCatalog[]> {
    const counts = await this.#knex<ToolRow>('catalog_tools')
      .select('source_id')
      .count({ count: '*' })
      .groupBy('source_id');
    const countOf = new Map(
      counts.map(row => [row.source_id, Number(row.count)]),
    );
    const rows = await this.#knex<CatalogRow>('catalogs').orderBy('source_id');
    return rows.map(row => toCatalog(row, countOf.get(row.source_id) ?? 0));
  }

  /** Newest first. */
  async listChanges(sourceId: string, limit: number): Promise<CatalogChange[]> {
    const rows = await this.#knex<ChangeRow>('catalog_changes')
      .where({ source_id: sourceId })
      .orderBy('id', 'desc')
      .limit(limit);
    return rows.map(row => ({
      at: row.at,
      digest: row.digest,
      ...(row.previous_digest && { previousDigest: row.previous_digest }),
      tools: JSON.parse(row.tools),
    }));
  }

  async getTool(
    sourceId: string,
    name: string,
  ): Promise<StoredTool | undefined> {
    const row = await this.#knex<ToolRow>('catalog_tools')
      .where({ source_id: sourceId, name })
      .first();
    return row && toTool(row);
  }

  /** Tools by name and source, from behind `after`. */
  async listTools(
    filter: StoredToolFilter,
    page?: { after?: { name: string; sourceId: string }; limit: number },
  ): Promise<StoredTool[]> {
    const query = this.#toolQuery(filter).orderBy([
      { column: 'name' },
      { column: 'source_id' },
    ]);
    if (page?.after) {
      const { name, sourceId } = page.after;
      query.where(part =>
        part
          .where('name', '>', name)
          .orWhere(tie =>
            tie.where({ name }).where('source_id', '>', sourceId),
          ),
      );
    }
    if (page) {
      query.limit(page.limit);
    }
    const rows: ToolRow[] = await query.select('*');
    return rows.map(toTool);
  }

  async countTools(filter: StoredToolFilter): Promise<number> {
    const [row] = await this.#toolQuery(filter).count({ count: '*' });
    return Number((row as unknown as { count: number | string }).count);
  }

  /** Which catalogs name which servers. */
  async listCatalogServers(): Promise<
    Array<{ serverId: string; sourceId: string; toolCount: number }>
  > {
    const rows = await this.#knex<ToolRow>('catalog_tools')
      .select('server_id', 'source_id')
      .count({ count: '*' })
      .groupBy('server_id', 'source_id')
      .orderBy(['server_id', 'source_id']);
    return rows.map(row => ({
      serverId: String(row.server_id),
      sourceId: String(row.source_id),
      toolCount: Number(row.count),
    }));
  }

  /** URLs of the servers that accepted catalogs name, one a server. */
  async listServerUrls(): Promise<Array<{ id: string; url: string }>> {
    const rows = await this.#knex<ToolRow>('catalog_tools')
      .select('server_id as id')
      .min({ url: 'server_url' })
      .groupBy('server_id');
    return rows.map(row => ({ id: String(row.id), url: String(row.url) }));
  }

  /** Names of the tools that accepted catalogs place on each server. */
  async listToolNames(): Promise<Map<string, Set<string>>> {
    const rows = await this.#knex<ToolRow>('catalog_tools').select(
      'server_id',
      'name',
    );
    const names = new Map<string, Set<string>>();
    for (const { server_id: id, name } of rows) {
      names.set(id, (names.get(id) ?? new Set()).add(name));
    }
    return names;
  }

  async getMark(issuer: string, url: string): Promise<StoredMark | undefined> {
    const row = await this.#knex<MarkRow>('high_water_marks')
      .where({ key: markKey(issuer, url) })
      .first();
    return row && { mark: JSON.parse(row.mark), revision: row.revision };
  }

  /**
   * Moves a mark.
   *
   * @throws ConflictError when it moved since it was read
   */
  async moveMark(
    tx: Knex.Transaction,
    move: {
      issuer: string;
      url: string;
      mark: HighWaterMark;
      /** Revision of the mark against which the catalog was verified. */
      from?: number;
      at: string;
    },
  ): Promise<void> {
    const { issuer, url, from } = move;
    const key = markKey(issuer, url);
    const mark = JSON.stringify(move.mark);
    const moved =
      from === undefined
        ? await insertOrLose(tx<MarkRow>('high_water_marks'), {
            key,
            issuer,
            url,
            mark,
            revision: 1,
            updated_at: move.at,
          })
        : await tx<MarkRow>('high_water_marks')
            .where({ key, revision: from })
            .update({ mark, revision: from + 1, updated_at: move.at });
    if (moved !== 1) {
      throw new ConflictError(
        `The high-water mark of ${issuer} for ${url} moved while the catalog was verified`,
      );
    }
  }

  /**
   * Makes a catalog the accepted one, and records what it changed.
   *
   * @returns the changes by tool, or undefined when the content is what it was
   */
  async accept(
    tx: Knex.Transaction,
    sourceId: string,
    catalog: AcceptedCatalog,
    now: string,
  ): Promise<ToolChange[] | undefined> {
    const before = await tx<CatalogRow>('catalogs')
      .where({ source_id: sourceId })
      .first();
    const statement = {
      seq: catalog.seq ?? null,
      verdict_status: catalog.verdict,
      signature: catalog.signature ? JSON.stringify(catalog.signature) : null,
      confirmed_at: now,
    };
    const known = await tx<ToolRow>('catalog_tools')
      .where({ source_id: sourceId })
      .select('name', 'digest', 'entity_name', 'first_seen_at', 'changed_at');
    const changes = compareTools(known, catalog.tools);
    // The same catalog may bring other tools: one whose spec was wrong is left out until that is put right.
    if (before?.digest === catalog.digest && changes.length === 0) {
      await tx<CatalogRow>('catalogs')
        .where({ source_id: sourceId })
        .update(statement);
      return before.verdict_status === catalog.verdict ? undefined : [];
    }

    const content = {
      ...statement,
      digest: catalog.digest,
      metadata: JSON.stringify(catalog.metadata),
      accepted_at: now,
    };
    if (before) {
      await tx<CatalogRow>('catalogs')
        .where({ source_id: sourceId })
        .update(content);
    } else {
      await tx<CatalogRow>('catalogs').insert({
        source_id: sourceId,
        ...content,
      });
    }
    await replaceTools(tx, sourceId, catalog, known, now);
    await tx<ChangeRow>('catalog_changes').insert({
      source_id: sourceId,
      at: now,
      digest: catalog.digest,
      previous_digest: before?.digest ?? null,
      tools: JSON.stringify(changes),
    });
    await dropOldChanges(tx, sourceId);
    return changes;
  }

  #toolQuery(filter: StoredToolFilter) {
    const query = this.#knex<ToolRow>('catalog_tools');
    if (filter.sourceIds) {
      query.whereIn('source_id', filter.sourceIds);
    }
    if (filter.serverIds) {
      query.whereIn('server_id', filter.serverIds);
    }
    if (filter.capability !== undefined) {
      query.whereExists(
        this.#knex<CapabilityRow>('catalog_tool_capabilities')
          .select(this.#knex.raw('1'))
          .where('capability', filter.capability)
          .whereRaw(
            'catalog_tool_capabilities.source_id = catalog_tools.source_id',
          )
          .whereRaw('catalog_tool_capabilities.tool_name = catalog_tools.name'),
      );
    }
    for (const word of filter.words ?? []) {
      const pattern = word.toLowerCase().replace(/[!%_]/g, '!$&');
      query.whereRaw(`search_text LIKE ? ESCAPE '!'`, [`%${pattern}%`]);
    }
    return query;
  }
}

function compareTools(
  before: Array<{ name: string; digest: string }>,
  after: Array<{ name: string; digest: string }>,
): ToolChange[] {
  const old = new Map(before.map(tool => [tool.name, tool.digest]));
  const changes: ToolChange[] = [];
  for (const { name, digest } of after) {
    const from = old.get(name);
    old.delete(name);
    if (from === undefined) {
      changes.push({ name, kind: 'added', to: digest });
    } else if (from !== digest) {
      changes.push({
        name,
        kind: 'changed',
        code: 'DEFINITION_CHANGED',
        from,
        to: digest,
      });
    }
  }
  for (const [name, from] of old) {
    changes.push({ name, kind: 'removed', from });
  }
  return changes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function replaceTools(
  tx: Knex.Transaction,
  sourceId: string,
  catalog: AcceptedCatalog,
  known: Array<
    Pick<
      ToolRow,
      'name' | 'digest' | 'entity_name' | 'first_seen_at' | 'changed_at'
    >
  >,
  now: string,
) {
  const knownByName = new Map(known.map(row => [row.name, row]));
  await tx<CapabilityRow>('catalog_tool_capabilities')
    .where({ source_id: sourceId })
    .delete();
  await tx<ToolRow>('catalog_tools').where({ source_id: sourceId }).delete();
  const nameEntity = await entityNamer(tx, known);
  await tx.batchInsert<ToolRow>(
    'catalog_tools',
    catalog.tools.map(tool => {
      const old = knownByName.get(tool.name);
      return {
        source_id: sourceId,
        name: tool.name,
        digest: tool.digest,
        definition: JSON.stringify(tool.definition),
        server_id: tool.serverId,
        server_url: tool.serverUrl,
        ...nameEntity(tool.entityName, old?.entity_name),
        search_text: [tool.name, tool.description, ...tool.capabilities]
          .join('\n')
          .toLowerCase(),
        first_seen_at: old?.first_seen_at ?? now,
        changed_at: old?.digest === tool.digest ? old.changed_at : now,
      };
    }),
    CHUNK,
  );
  await tx.batchInsert<CapabilityRow>(
    'catalog_tool_capabilities',
    catalog.tools.flatMap(tool =>
      [...new Set(tool.capabilities)].map(capability => ({
        source_id: sourceId,
        tool_name: tool.name,
        capability,
      })),
    ),
    CHUNK,
  );
}

/** Gives names that no other tool has; a tool keeps the one that it had. */
async function entityNamer(
  tx: Knex.Transaction,
  known: Array<Pick<ToolRow, 'entity_name'>>,
) {
  const others = await tx<ToolRow>('catalog_tools').select('entity_name_key');
  const taken = new Set(others.map(row => row.entity_name_key));
  const kept = new Set(known.map(row => row.entity_name.toLowerCase()));
  return (
    names: { wished: string; otherwise: string },
    old: string | undefined,
  ) => {
    const wishedKey = names.wished.toLowerCase();
    const name =
      old ??
      (taken.has(wishedKey) || kept.has(wishedKey)
        ? names.otherwise
        : names.wished);
    const key = name.toLowerCase();
    taken.add(key);
    return { entity_name: name, entity_name_key: key };
  };
}

async function dropOldChanges(tx: Knex.Transaction, sourceId: string) {
  const oldest = await tx<ChangeRow>('catalog_changes')
    .where({ source_id: sourceId })
    .orderBy('id', 'desc')
    .offset(CHANGES_KEPT)
    .first('id');
  if (oldest) {
    await tx<ChangeRow>('catalog_changes')
      .where({ source_id: sourceId })
      .where('id', '<=', oldest.id)
      .delete();
  }
}

async function insertOrLose<Row extends {}>(
  table: Knex.QueryBuilder<Row>,
  row: Row,
): Promise<number> {
  try {
    await table.insert(row as any);
    return 1;
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      return 0;
    }
    throw error;
  }
}

function markKey(issuer: string, url: string) {
  return createHash('sha256').update(`${issuer}\n${url}`).digest('hex');
}

function toCatalog(row: CatalogRow, toolCount: number): StoredCatalog {
  return {
    sourceId: row.source_id,
    digest: row.digest,
    ...(row.seq !== null && { seq: Number(row.seq) }),
    verdict: row.verdict_status as VerdictStatus,
    metadata: JSON.parse(row.metadata),
    ...(row.signature && { signature: JSON.parse(row.signature) }),
    acceptedAt: row.accepted_at,
    confirmedAt: row.confirmed_at,
    toolCount,
  };
}

function toTool(row: ToolRow): StoredTool {
  return {
    sourceId: row.source_id,
    name: row.name,
    digest: row.digest,
    definition: JSON.parse(row.definition),
    serverId: row.server_id,
    serverUrl: row.server_url,
    entityName: row.entity_name,
    firstSeenAt: row.first_seen_at,
    changedAt: row.changed_at,
  };
}
