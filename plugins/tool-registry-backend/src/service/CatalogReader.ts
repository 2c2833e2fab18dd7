import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import PQueue from 'p-queue';
import type { Verdict } from '@agentyard/plugin-tool-registry-common';
import type { CatalogStore } from '../database/CatalogStore';
import type { SourceStore, StoredSource } from '../database/SourceStore';
import type { ChangeAnnouncer } from './ChangeAnnouncer';
import { isoAfter, type Clock } from './Clock';
import {
  expectedIssuer,
  type CatalogReading,
  type ReadCatalog,
} from './readCatalog';
import { nextAttempt } from './nextAttempt';
import type { RegistryMetrics } from './RegistryMetrics';
import type { ServerDirectory } from './ServerDirectory';
import type { EatCatalogSource } from './SourceDefinition';

const CONCURRENCY = 4;
const LEASE_SECONDS = 120;

/**
 * Reads catalog sources and keeps what is good. An attempt that fails changes nothing but the
 * source's outcome: the last good snapshot stays.
 */
export class CatalogReader {
  readonly #sources: SourceStore;
  readonly #catalogs: CatalogStore;
  readonly #servers: ServerDirectory;
  readonly #read: ReadCatalog;
  readonly #announcer: ChangeAnnouncer;
  readonly #metrics: RegistryMetrics;
  readonly #logger: LoggerService;
  readonly #clock: Clock;

  constructor(options: {
    sources: SourceStore;
    catalogs: CatalogStore;
    servers: ServerDirectory;
    read: ReadCatalog;
    announcer: ChangeAnnouncer;
    metrics: RegistryMetrics;
    logger: LoggerService;
    clock: Clock;
  }) {
    this.#sources = options.sources;
    this.#catalogs = options.catalogs;
    this.#servers = options.servers;
    this.#read = options.read;
    this.#announcer = options.announcer;
    this.#metrics = options.metrics;
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /** Reads the sources that are due, a few at a time. */
  async readDue(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const due = await this.#sources.claimDueCatalogs({
      now: now.toISOString(),
      leaseUntil: isoAfter(now, LEASE_SECONDS),
    });
    const queue = new PQueue({ concurrency: CONCURRENCY });
    await queue.addAll(due.map(source => () => this.read(source, signal)));
  }

  /** Reads one source now, due or not. */
  async read(
    source: StoredSource<EatCatalogSource>,
    signal: AbortSignal,
  ): Promise<void> {
    const { definition } = source;
    const started = performance.now();
    const issuer = expectedIssuer(definition);
    const mark = await this.#catalogs.getMark(issuer, definition.url);
    const reading = await this.#attempt(definition, mark?.mark, signal);
    if (signal.aborted) {
      // Whoever comes next reads it; an end of ours says nothing about the source.
      await this.#sources.release(definition.id, source.dueAt);
      return;
    }
    this.#metrics.catalogRead(
      reading.verdict,
      (performance.now() - started) / 1000,
    );
    try {
      await this.#keep(source, reading, mark?.revision);
    } catch (error) {
      if (isError(error) && error.name === 'ConflictError') {
        this.#logger.info(`${error.message}; it is read again`);
        await this.#sources.release(
          definition.id,
          this.#clock.now().toISOString(),
        );
        return;
      }
      throw error;
    }
  }

  async #attempt(
    definition: EatCatalogSource,
    mark: Parameters<ReadCatalog>[1]['mark'],
    signal: AbortSignal,
  ): Promise<CatalogReading> {
    try {
      return await this.#read(definition, { mark, signal });
    } catch (error) {
      this.#logger.error(
        `Reading catalog '${definition.id}' failed for a reason of our own`,
        error as Error,
      );
      return {
        verdict: {
          status: 'unreachable',
          reasons: [
            {
              code: 'INTERNAL_ERROR',
              message:
                'The registry could not read it for a reason of its own; the backend log says which.',
            },
          ],
          steps: [],
        },
      };
    }
  }

  async #keep(
    source: StoredSource<EatCatalogSource>,
    reading: CatalogReading,
    markRevision: number | undefined,
  ) {
    const { definition } = source;
    const now = this.#clock.now();
    const at = now.toISOString();
    const { accepted } = reading;
    const failure = accepted ? undefined : failureOf(reading.verdict);
    const attempt = {
      at,
      verdict: dated(reading.verdict, source.verdict, at),
      failure,
      dueAt: nextAttempt({
        now,
        intervalSeconds: definition.intervalSeconds,
        failures: failure ? source.failures + 1 : 0,
        expiresAt: accepted?.signature?.expiresAt,
      }),
    };
    const kept = await this.#catalogs.transaction(async tx => {
      if (!(await this.#sources.recordAttempt(tx, definition, attempt))) {
        return undefined;
      }
      if (!accepted) {
        return { changes: undefined };
      }
      if (reading.mark) {
        await this.#catalogs.moveMark(tx, {
          issuer: expectedIssuer(definition),
          url: definition.url,
          mark: reading.mark,
          from: markRevision,
          at,
        });
      }
      return {
        changes: await this.#catalogs.accept(tx, definition.id, accepted, at),
      };
    });
    if (!kept) {
      this.#logger.info(
        `Source '${definition.id}' changed while it was read; the outcome is dropped`,
      );
      return;
    }
    this.#log(definition, reading, kept.changes);
    if (kept.changes) {
      await this.#servers.reconcile();
    }
    await this.#announcer.announce({
      sourceIds: [definition.id],
      entities: kept.changes !== undefined,
    });
  }

  #log(
    definition: EatCatalogSource,
    reading: CatalogReading,
    changes: unknown[] | undefined,
  ) {
    const { status, reasons } = reading.verdict;
    const meta = {
      catalogId: definition.id,
      catalogUrl: definition.url,
      verdict: status,
      codes: reasons.map(reason => reason.code).join(','),
    };
    if (!reading.accepted) {
      this.#logger.warn(
        `Catalog '${definition.id}' is ${status}: ${
          reasons[0]?.message ?? 'no reason given'
        }`,
        meta,
      );
    } else if (changes) {
      this.#logger.info(
        `Catalog '${definition.id}' is ${status} and brings ${reading.accepted.tools.length} tools`,
        { ...meta, digest: reading.accepted.digest, changes: changes.length },
      );
    }
  }
}

function failureOf(verdict: Verdict) {
  return (
    verdict.reasons[0] ?? {
      code: 'NOT_ACCEPTED',
      message: `The catalog is ${verdict.status}.`,
    }
  );
}

function dated(
  verdict: Verdict,
  before: Verdict | undefined,
  at: string,
): Verdict {
  return {
    ...verdict,
    checkedAt: at,
    since:
      before?.status === verdict.status && before.since ? before.since : at,
  };
}
