import type { Knex } from 'knex';
import type { Verdict } from '@agentyard/plugin-tool-registry-common';
import {
  isSameSource,
  type EatCatalogSource,
  type SourceDefinition,
} from '../service/SourceDefinition';

interface SourceRow {
  id: string;
  provider: string;
  type: string;
  declaration: string;
  verdict: string | null;
  fetched_at: string | null;
  succeeded_at: string | null;
  failure_code: string | null;
  failure_message: string | null;
  failures: number;
  due_at: string;
}

/** A source with how its last attempt went. */
export interface StoredSource<
  Definition extends SourceDefinition = SourceDefinition,
> {
  definition: Definition;
  /** Absent before the first attempt, and on MCP servers. */
  verdict?: Verdict;
  fetchedAt?: string;
  succeededAt?: string;
  /** Why the last attempt failed. */
  failure?: { code: string; message: string };
  /** Failed attempts in a row. */
  failures: number;
  dueAt: string;
}

/** How an attempt to read a source went. */
export interface SourceAttempt {
  at: string;
  verdict: Verdict;
  failure?: { code: string; message: string };
  dueAt: string;
}

/** Table `sources`. */
export class SourceStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async list(): Promise<StoredSource[]> {
    const rows = await this.#knex<SourceRow>('sources').orderBy('id');
    return rows.map(toSource);
  }

  async get(id: string): Promise<StoredSource | undefined> {
    const row = await this.#knex<SourceRow>('sources').where({ id }).first();
    return row && toSource(row);
  }

  /**
   * Makes the provider's sources those that are given. A source that now reads something else, or
   * by other rules, loses what was read before.
   *
   * @returns ids of the sources that came, went or changed
   */
  async reconcile(
    provider: string,
    definitions: SourceDefinition[],
    now: string,
  ): Promise<string[]> {
    return this.#knex.transaction(async tx => {
      const rows = await tx<SourceRow>('sources').where({ provider });
      const stored = new Map(rows.map(row => [row.id, toSource(row)]));
      const touched: string[] = [];
      for (const definition of definitions) {
        const { id } = definition;
        const before = stored.get(id)?.definition;
        stored.delete(id);
        const declaration = JSON.stringify(definition);
        if (before && isSameSource(before, definition)) {
          if (JSON.stringify(before) !== declaration) {
            await tx<SourceRow>('sources')
              .where({ id })
              .update({ declaration });
            touched.push(id);
          }
          continue;
        }
        await tx<SourceRow>('sources').where({ id }).delete();
        await tx<SourceRow>('sources').insert({
          id,
          provider,
          type: definition.type,
          declaration,
          failures: 0,
          due_at: now,
        });
        touched.push(id);
      }
      for (const id of stored.keys()) {
        await tx<SourceRow>('sources').where({ id }).delete();
        touched.push(id);
      }
      return touched;
    });
  }

  /** Forgets the sources of providers that are no longer there. */
  async forgetOtherProviders(providers: string[]): Promise<void> {
    await this.#knex<SourceRow>('sources')
      .whereNotIn('provider', providers)
      .delete();
  }

  /**
   * Takes catalog sources that are due, so that no other replica reads them at the same time. Who
   * took one and died loses it at the end of the lease.
   */
  async claimDueCatalogs(options: {
    now: string;
    leaseUntil: string;
  }): Promise<StoredSource<EatCatalogSource>[]> {
    const rows = await this.#knex<SourceRow>('sources')
      .where({ type: 'eat-catalog' })
      .where('due_at', '<=', options.now)
      .orderBy('due_at');
    const claimed = [];
    for (const row of rows) {
      const taken = await this.#knex<SourceRow>('sources')
        .where({ id: row.id, due_at: row.due_at })
        .update({ due_at: options.leaseUntil });
      if (taken === 1) {
        claimed.push(toSource(row) as StoredSource<EatCatalogSource>);
      }
    }
    return claimed;
  }

  /** Gives a source back that was taken and not read. */
  async release(id: string, dueAt: string): Promise<void> {
    await this.#knex<SourceRow>('sources')
      .where({ id })
      .update({ due_at: dueAt });
  }

  /**
   * Records an attempt, in the transaction in which its outcome is stored.
   *
   * @returns false when the source is gone or now is another one, so that the attempt counts for nothing
   */
  async recordAttempt(
    tx: Knex.Transaction,
    read: SourceDefinition,
    attempt: SourceAttempt,
  ): Promise<boolean> {
    const row = await tx<SourceRow>('sources').where({ id: read.id }).first();
    if (!row || !isSameSource(toSource(row).definition, read)) {
      return false;
    }
    await tx<SourceRow>('sources')
      .where({ id: read.id })
      .update({
        verdict: JSON.stringify(attempt.verdict),
        fetched_at: attempt.at,
        failure_code: attempt.failure?.code ?? null,
        failure_message: attempt.failure?.message ?? null,
        failures: attempt.failure ? row.failures + 1 : 0,
        due_at: attempt.dueAt,
        ...(!attempt.failure && { succeeded_at: attempt.at }),
      });
    return true;
  }
}

function toSource(row: SourceRow): StoredSource {
  return {
    definition: JSON.parse(row.declaration),
    verdict: row.verdict ? JSON.parse(row.verdict) : undefined,
    fetchedAt: row.fetched_at ?? undefined,
    succeededAt: row.succeeded_at ?? undefined,
    failure: row.failure_code
      ? { code: row.failure_code, message: row.failure_message ?? '' }
      : undefined,
    failures: row.failures,
    dueAt: row.due_at,
  };
}
