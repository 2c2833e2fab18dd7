import {
  isFinal,
  RunError,
  type AbortRequest,
  type InventoryEntry,
  type JournalEntry,
  type KubeObject,
  type Lease,
  type ObjectProgress,
  type Plan,
  type Release,
  type Run,
  type RunChange,
  type RunState,
  type RunStore,
  type StoredJournalEntry,
  type Target,
} from '@agentyard/kube-rollout';
import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { imagesOf } from './imagesOf';
import {
  DEFAULT_LIMIT,
  filterColumns,
  ListFilter,
  optional,
  targetKey,
} from './rows';

/** A run without its objects and evidence, and what this database knows beside it. */
export interface RunRecord {
  id: string;
  planId: string;
  digest: string;
  kind: 'rollout' | 'rollback';
  rollbackOf?: string;
  target: Target;
  entityRef?: string;
  state: RunState;
  revision: number;
  previousReleaseId?: string;
  message?: string;
  progress: { total: number; ready: number; failed: number };
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  finishedAt?: string;
}

/** A release without its manifests, and what this database knows beside it. */
export interface ReleaseRecord {
  id: string;
  target: Target;
  entityRef?: string;
  revision: number;
  runId: string;
  digest: string;
  current: boolean;
  objectCount: number;
  images: string[];
  createdBy: string;
  createdAt: string;
}

/** Rows written at once: below the 999 bound values that the smallest SQLite builds allow. */
const BATCH = 100;

const RELEASE_COLUMNS = [
  'releases.id',
  'releases.target',
  'releases.revision',
  'releases.run_id',
  'releases.plan_digest',
  'releases.created_at',
  'releases.object_count',
  'releases.images',
  'runs.cluster',
  'runs.namespace',
  'runs.name',
  'runs.entity_ref',
  'runs.created_by',
];

/**
 * The engine's {@link RunStore} in SQL. The lease is part of the run's row, so that one UPDATE both compares the epoch
 * and takes the row's lock: everything else that a step writes follows in that same transaction.
 */
export class DatabaseRunStore implements RunStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async createRun(run: Run, plan: Plan): Promise<void> {
    const key = targetKey(run.target);
    try {
      await this.#knex.transaction(async trx => {
        const about = await trx('plans')
          .select('kind', 'rollback_of', 'entity_ref')
          .where({ id: plan.id })
          .first();
        if (!about) {
          throw new RunError(
            'RUN_NOT_FOUND',
            `plan ${plan.id} is not stored any more; plan again`,
          );
        }
        await trx('runs').insert({
          id: run.id,
          plan_id: plan.id,
          kind: about.kind,
          rollback_of: about.rollback_of,
          entity_ref: about.entity_ref,
          plan_digest: run.planDigest,
          cluster: run.target.cluster,
          namespace: run.target.namespace,
          name: run.target.name,
          target: key,
          active_target: isFinal(run.state) ? null : key,
          revision: run.revision,
          previous_release_id: run.previousReleaseId,
          created_by: run.requestedBy ?? 'unknown',
          created_at: run.createdAt,
          updated_at: run.createdAt,
          ...runColumns(run),
        });
        await writeObjects(trx, run.id, 'rollout', run.objects);
        await writeObjects(trx, run.id, 'rollback', run.rollback);
      });
    } catch (error) {
      if (!isDatabaseConflictError(error)) throw error;
      const active = await this.#knex('runs')
        .select('id')
        .where({ active_target: key })
        .first();
      throw new RunError(
        'RUN_ACTIVE',
        active
          ? `run ${active.id} of ${run.target.name} is still under way`
          : `plan ${plan.id} has a run already`,
      );
    }
  }

  async getRun(id: string): Promise<Run | undefined> {
    const row = await this.#knex('runs').where({ id }).first();
    if (!row) return undefined;
    const objects = await this.#knex('run_objects')
      .select('phase', 'progress')
      .where({ run_id: id })
      .orderBy('position');
    const of = (phase: string): ObjectProgress[] =>
      objects.filter(o => o.phase === phase).map(o => JSON.parse(o.progress));
    return {
      id: row.id,
      target: toTarget(row),
      planId: row.plan_id,
      planDigest: row.plan_digest,
      state: row.state,
      revision: row.revision,
      previousReleaseId: optional(row.previous_release_id),
      requestedBy: row.created_by,
      createdAt: row.created_at,
      startedAt: optional(row.started_at),
      finishedAt: optional(row.finished_at),
      objects: of('rollout'),
      rollback: of('rollback'),
      evidence: JSON.parse(row.evidence),
      message: optional(row.message),
      abort: row.abort ? JSON.parse(row.abort) : undefined,
      restartBaseline: JSON.parse(row.restart_baseline),
    };
  }

  async getPlan(runId: string): Promise<Plan | undefined> {
    const row = await this.#knex('runs')
      .join('plans', 'plans.id', 'runs.plan_id')
      .select('plans.plan')
      .where({ 'runs.id': runId })
      .first();
    return row && JSON.parse(row.plan);
  }

  async listAbandoned(now: Date): Promise<string[]> {
    const rows = await this.#knex('runs')
      .select('id')
      .whereNotNull('active_target')
      .where(free(now))
      .orderBy('created_at');
    return rows.map(row => row.id);
  }

  async acquireLease(
    runId: string,
    holder: string,
    ttlMs: number,
    now: Date,
  ): Promise<Lease | undefined> {
    const expiresAt = new Date(now.getTime() + ttlMs).toISOString();
    return this.#knex.transaction(async trx => {
      const taken = await trx('runs')
        .where({ id: runId })
        .where(q => q.where(free(now)).orWhere({ lease_holder: holder }))
        .update({
          lease_holder: holder,
          lease_epoch: trx.raw('lease_epoch + 1'),
          lease_expires_at: expiresAt,
        });
      const row = await trx('runs')
        .select('lease_epoch')
        .where({ id: runId })
        .first();
      if (!row) throw notFound(runId);
      return taken
        ? { runId, holder, epoch: row.lease_epoch, expiresAt }
        : undefined;
    });
  }

  async renewLease(
    lease: Lease,
    ttlMs: number,
    now: Date,
  ): Promise<{ lease: Lease; abort?: AbortRequest }> {
    const expiresAt = new Date(now.getTime() + ttlMs).toISOString();
    return this.#knex.transaction(async trx => {
      await fenced(trx, lease, { lease_expires_at: expiresAt });
      const { abort } = await trx('runs')
        .select('abort')
        .where({ id: lease.runId })
        .first();
      return {
        lease: { ...lease, expiresAt },
        ...(abort && { abort: JSON.parse(abort) }),
      };
    });
  }

  async releaseLease(lease: Lease): Promise<void> {
    // The holder's name stays, so that it may still write the last lines of its log.
    await this.#knex('runs')
      .where(ownedBy(lease))
      .update({ lease_expires_at: null });
  }

  async commit(lease: Lease, change: RunChange): Promise<void> {
    const { run = {}, journal = [], inventory, release } = change;
    await this.#knex.transaction(async trx => {
      await fenced(trx, lease, {
        ...runColumns(run),
        ...(run.state && isFinal(run.state) && { active_target: null }),
        updated_at: new Date().toISOString(),
      });
      if (run.objects) {
        await writeObjects(trx, lease.runId, 'rollout', run.objects);
      }
      if (run.rollback) {
        await writeObjects(trx, lease.runId, 'rollback', run.rollback);
      }
      if (journal.length) await appendJournal(trx, lease, journal);
      if (inventory) {
        const { target } = await trx('runs')
          .select('target')
          .where({ id: lease.runId })
          .first();
        await writeInventory(trx, target, inventory);
      }
      if (release) await addRelease(trx, release);
    });
  }

  async requestAbort(runId: string, request: AbortRequest): Promise<void> {
    await this.#knex.transaction(async trx => {
      const noted = await trx('runs')
        .where({ id: runId })
        .whereNotNull('active_target')
        .update({
          abort: trx.raw('coalesce(abort, ?)', [JSON.stringify(request)]),
          updated_at: request.at,
        });
      if (noted) return;
      const row = await trx('runs')
        .select('state')
        .where({ id: runId })
        .first();
      if (!row) throw notFound(runId);
      throw new RunError(
        'RUN_OVER',
        `run ${runId} is over (${row.state}) and cannot be stopped any more`,
      );
    });
  }

  async journal(runId: string, after = 0): Promise<StoredJournalEntry[]> {
    return this.#knex('run_journal')
      .select('seq', 'epoch', 'step', 'phase', 'at', 'message')
      .where({ run_id: runId })
      .where('seq', '>', after)
      .orderBy('seq');
  }

  async inventory(target: Target): Promise<InventoryEntry[]> {
    const rows = await this.#knex('inventory')
      .where({ target: targetKey(target) })
      .orderBy('position');
    return rows.map(row => ({
      ref: JSON.parse(row.ref),
      ...(row.uid && { uid: row.uid }),
      created: Boolean(row.created),
      revision: row.revision,
    }));
  }

  async latestRelease(target: Target): Promise<Release | undefined> {
    return this.#release(q =>
      q.where({ 'releases.target': targetKey(target) }),
    );
  }

  async getRelease(id: string): Promise<Release | undefined> {
    return this.#release(q => q.where({ 'releases.id': id }));
  }

  /** The last release of a target below a revision. */
  async releaseBefore(
    target: Target,
    revision: number,
  ): Promise<{ id: string; revision: number } | undefined> {
    return this.#knex('releases')
      .select('id', 'revision')
      .where({ target: targetKey(target) })
      .where('revision', '<', revision)
      .orderBy('revision', 'desc')
      .first();
  }

  async listReleases(target: Target): Promise<Release[]> {
    const rows = await this.#knex('releases')
      .join('runs', 'runs.id', 'releases.run_id')
      .select(RELEASE_COLUMNS)
      .select('releases.objects')
      .where({ 'releases.target': targetKey(target) })
      .orderBy('releases.revision', 'desc');
    return rows.map(toRelease);
  }

  async lastRevision(target: Target): Promise<number> {
    const row = await this.#knex('runs')
      .max({ revision: 'revision' })
      .where({ target: targetKey(target) })
      .first();
    return row?.revision ?? 0;
  }

  /** One run as lists show it. */
  async getRecord(id: string): Promise<RunRecord | undefined> {
    const row = await this.#knex('runs').where({ id }).first();
    return row && toRecord(row);
  }

  /** The run of a plan. */
  async runOfPlan(planId: string): Promise<RunRecord | undefined> {
    const row = await this.#knex('runs').where({ plan_id: planId }).first();
    return row && toRecord(row);
  }

  /** The last run of a target. */
  async lastRun(target: Target): Promise<RunRecord | undefined> {
    const row = await this.#knex('runs')
      .where({ target: targetKey(target) })
      .orderBy('revision', 'desc')
      .first();
    return row && toRecord(row);
  }

  /** Newest first. */
  async listRecords(
    filter: ListFilter & { state?: RunState },
  ): Promise<RunRecord[]> {
    const rows = await this.#knex('runs')
      .where(filterColumns(filter))
      .where(filter.state ? { state: filter.state } : {})
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(filter.limit ?? DEFAULT_LIMIT);
    return rows.map(toRecord);
  }

  /** Newest first. */
  async listReleaseRecords(filter: ListFilter): Promise<ReleaseRecord[]> {
    const columns = Object.fromEntries(
      Object.entries(filterColumns(filter)).map(([k, v]) => [`runs.${k}`, v]),
    );
    const rows = await this.#knex('releases')
      .join('runs', 'runs.id', 'releases.run_id')
      .select(RELEASE_COLUMNS)
      .where(columns)
      .orderBy([
        { column: 'releases.created_at', order: 'desc' },
        { column: 'releases.id', order: 'desc' },
      ])
      .limit(filter.limit ?? DEFAULT_LIMIT);
    const latest = new Map<string, number>(
      (
        await this.#knex('releases')
          .select('target')
          .max({ revision: 'revision' })
          .whereIn('target', [...new Set(rows.map(row => row.target))])
          .groupBy('target')
      ).map((row: any) => [row.target, row.revision]),
    );
    return rows.map(row => ({
      id: row.id,
      target: toTarget(row),
      entityRef: optional(row.entity_ref),
      revision: row.revision,
      runId: row.run_id,
      digest: row.plan_digest,
      current: latest.get(row.target) === row.revision,
      objectCount: row.object_count,
      images: JSON.parse(row.images),
      createdBy: row.created_by,
      createdAt: row.created_at,
    }));
  }

  /** Ids of runs that ended before an instant and whose end nobody has told yet. */
  async listUntold(finishedBefore: Date): Promise<string[]> {
    const rows = await this.#knex('runs')
      .select('id')
      .whereNull('active_target')
      .whereNull('notified_at')
      .where('finished_at', '<=', finishedBefore.toISOString())
      .limit(BATCH);
    return rows.map(row => row.id);
  }

  /**
   * Claims the telling of a run's end.
   * @returns false when somebody else has claimed it
   */
  async claimTelling(runId: string, now: Date): Promise<boolean> {
    const claimed = await this.#knex('runs')
      .where({ id: runId })
      .whereNull('notified_at')
      .update({ notified_at: now.toISOString() });
    return claimed === 1;
  }

  /** Number of active runs. */
  async countActive(): Promise<number> {
    const row = await this.#knex('runs')
      .whereNotNull('active_target')
      .count({ count: '*' })
      .first();
    return Number(row?.count ?? 0);
  }

  async #release(
    narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
  ): Promise<Release | undefined> {
    const row = await narrow(
      this.#knex('releases')
        .join('runs', 'runs.id', 'releases.run_id')
        .select(RELEASE_COLUMNS)
        .select('releases.objects'),
    )
      .orderBy('releases.revision', 'desc')
      .first();
    return row && toRelease(row);
  }
}

function free(now: Date): Knex.QueryCallback {
  return q =>
    q
      .whereNull('lease_expires_at')
      .orWhere('lease_expires_at', '<=', now.toISOString());
}

function ownedBy(lease: Lease) {
  return {
    id: lease.runId,
    lease_holder: lease.holder,
    lease_epoch: lease.epoch,
  };
}

/** The compare-and-set: updates the run's row only under the lease's epoch. */
async function fenced(
  trx: Knex.Transaction,
  lease: Lease,
  columns: Record<string, unknown>,
): Promise<void> {
  const updated = await trx('runs').where(ownedBy(lease)).update(columns);
  if (updated) return;
  throw new RunError(
    'LEASE_LOST',
    `run ${lease.runId} is driven by somebody else since: epoch ${lease.epoch} of ${lease.holder} is over`,
  );
}

function notFound(runId: string): RunError {
  return new RunError('RUN_NOT_FOUND', `there is no run ${runId}`);
}

function runColumns(run: Partial<Run>): Record<string, unknown> {
  // While it goes back, the way back is what progresses.
  const moving = run.rollback?.length ? run.rollback : run.objects;
  return {
    ...(run.state && { state: run.state }),
    ...(run.startedAt && { started_at: run.startedAt }),
    ...(run.finishedAt && { finished_at: run.finishedAt }),
    ...(run.message !== undefined && { message: run.message }),
    ...(run.evidence && { evidence: JSON.stringify(run.evidence) }),
    ...(run.restartBaseline && {
      restart_baseline: JSON.stringify(run.restartBaseline),
    }),
    ...(moving && {
      objects_total: moving.length,
      objects_ready: moving.filter(o =>
        ['ready', 'pruned', 'kept'].includes(o.state),
      ).length,
      objects_failed: moving.filter(o => o.state === 'failed').length,
    }),
  };
}

/** Writes what differs: of a thousand objects, one step moves a few. */
async function writeObjects(
  trx: Knex.Transaction,
  runId: string,
  phase: 'rollout' | 'rollback',
  objects: ObjectProgress[],
): Promise<void> {
  const stored = new Map<number, string>(
    (
      await trx('run_objects')
        .select('position', 'progress')
        .where({ run_id: runId, phase })
    ).map(row => [row.position, row.progress]),
  );
  const rows = objects
    .map((object, position) => ({
      run_id: runId,
      phase,
      position,
      progress: JSON.stringify(object),
    }))
    .filter(row => stored.get(row.position) !== row.progress);
  for (let i = 0; i < rows.length; i += BATCH) {
    await trx('run_objects')
      .insert(rows.slice(i, i + BATCH))
      .onConflict(['run_id', 'phase', 'position'])
      .merge(['progress']);
  }
  if (stored.size > objects.length) {
    await trx('run_objects')
      .where({ run_id: runId, phase })
      .where('position', '>=', objects.length)
      .delete();
  }
}

async function appendJournal(
  trx: Knex.Transaction,
  lease: Lease,
  entries: JournalEntry[],
): Promise<void> {
  const last = await trx('run_journal')
    .max({ seq: 'seq' })
    .where({ run_id: lease.runId })
    .first();
  const first = (last?.seq ?? 0) + 1;
  await trx.batchInsert(
    'run_journal',
    entries.map(({ step, phase, at, message }, i) => ({
      run_id: lease.runId,
      seq: first + i,
      epoch: lease.epoch,
      step,
      phase,
      at,
      message,
    })),
    BATCH,
  );
}

async function writeInventory(
  trx: Knex.Transaction,
  target: string,
  entries: InventoryEntry[],
): Promise<void> {
  await trx('inventory').where({ target }).delete();
  await trx.batchInsert(
    'inventory',
    entries.map((entry, position) => ({
      target,
      position,
      ref: JSON.stringify(entry.ref),
      uid: entry.uid ?? null,
      created: entry.created,
      revision: entry.revision,
    })),
    BATCH,
  );
}

async function addRelease(
  trx: Knex.Transaction,
  release: Release,
): Promise<void> {
  await trx('releases').insert({
    id: release.id,
    target: targetKey(release.target),
    revision: release.revision,
    run_id: release.runId,
    plan_digest: release.planDigest,
    created_at: release.createdAt,
    object_count: release.objects.length,
    images: JSON.stringify(imagesOf(release.objects)),
    objects: JSON.stringify(release.objects),
  });
}

function toTarget(row: any): Target {
  return { cluster: row.cluster, namespace: row.namespace, name: row.name };
}

function toRelease(row: any): Release {
  return {
    id: row.id,
    target: toTarget(row),
    revision: row.revision,
    runId: row.run_id,
    planDigest: row.plan_digest,
    createdAt: row.created_at,
    objects: JSON.parse(row.objects) as KubeObject[],
  };
}

function toRecord(row: any): RunRecord {
  return {
    id: row.id,
    planId: row.plan_id,
    digest: row.plan_digest,
    kind: row.kind,
    rollbackOf: optional(row.rollback_of),
    target: toTarget(row),
    entityRef: optional(row.entity_ref),
    state: row.state,
    revision: row.revision,
    previousReleaseId: optional(row.previous_release_id),
    message: optional(row.message),
    progress: {
      total: row.objects_total,
      ready: row.objects_ready,
      failed: row.objects_failed,
    },
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: optional(row.finished_at),
  };
}
