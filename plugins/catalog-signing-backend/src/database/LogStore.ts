import { Knex } from 'knex';
import { canonicalHash } from '@agentyard/eat';
import { LogEntry } from '@agentyard/plugin-catalog-signing-common';

/**
 * Hash of a log entry: SHA-256 over the canonical form (RFC 8785) of the publisher's id and all members but `hash`.
 * Anyone who has the entries can recompute the chain.
 */
export function logEntryHash(
  publisher: string,
  entry: Omit<LogEntry, 'hash'>,
): string {
  return canonicalHash({ ...entry, publisher });
}

/** The append-only, hash-chained log of each publisher. */
export class LogStore {
  constructor(private readonly knex: Knex) {}

  /** Newest first. */
  async list(
    publisherId: string,
    page: { before?: number; limit: number },
  ): Promise<LogEntry[]> {
    const query = this.knex('log_entries')
      .where({ publisher_id: publisherId })
      .orderBy('position', 'desc')
      .limit(page.limit);
    if (page.before !== undefined) query.where('position', '<', page.before);
    const rows = await query;
    return rows.map(row => ({
      index: Number(row.position),
      at: row.at,
      kind: row.kind,
      body: JSON.parse(row.body),
      ...(row.prev && { prev: row.prev }),
      hash: row.hash,
    }));
  }

  /**
   * Appends an entry. The primary key lets only one replica append at a position: the other's transaction fails with a
   * conflict and is to be tried again.
   */
  async append(
    publisherId: string,
    event: Pick<LogEntry, 'at' | 'kind' | 'body'>,
  ): Promise<LogEntry> {
    const [last] = await this.list(publisherId, { limit: 1 });
    const entry = {
      index: (last?.index ?? 0) + 1,
      at: event.at,
      kind: event.kind,
      body: event.body,
      ...(last && { prev: last.hash }),
    };
    const hash = logEntryHash(publisherId, entry);
    await this.knex('log_entries').insert({
      publisher_id: publisherId,
      position: entry.index,
      at: entry.at,
      kind: entry.kind,
      body: JSON.stringify(entry.body),
      prev: entry.prev ?? null,
      hash,
    });
    return { ...entry, hash };
  }
}
