import type { Plan } from '@agentyard/kube-rollout';
import type { Knex } from 'knex';
import { DEFAULT_LIMIT, filterColumns, ListFilter, optional } from './rows';

/** What is stored about a plan beside the plan itself. */
export interface PlanRecord {
  id: string;
  digest: string;
  kind: 'rollout' | 'rollback';
  /** Run that a rollback undoes. */
  rollbackOf?: string;
  cluster: string;
  namespace: string;
  name: string;
  entityRef?: string;
  refused: boolean;
  counts: Plan['counts'];
  createdBy: string;
  createdAt: string;
  expiresAt: string;
}

const COLUMNS = [
  'id',
  'digest',
  'kind',
  'rollback_of',
  'cluster',
  'namespace',
  'name',
  'entity_ref',
  'refused',
  'counts',
  'created_by',
  'created_at',
  'expires_at',
];

/** Plans, whole. They hold Secrets, and so are never answered as they are. */
export class PlanStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async add(
    plan: Plan,
    about: Pick<PlanRecord, 'kind' | 'rollbackOf' | 'entityRef' | 'createdBy'>,
  ): Promise<PlanRecord> {
    const { cluster, namespace, name } = plan.target;
    await this.#knex('plans').insert({
      id: plan.id,
      digest: plan.digest,
      kind: about.kind,
      rollback_of: about.rollbackOf,
      cluster,
      namespace,
      name,
      entity_ref: about.entityRef,
      refused: plan.refused,
      counts: JSON.stringify(plan.counts),
      created_by: about.createdBy,
      created_at: plan.createdAt,
      expires_at: plan.expiresAt,
      plan: JSON.stringify(plan),
    });
    return {
      id: plan.id,
      digest: plan.digest,
      cluster,
      namespace,
      name,
      refused: plan.refused,
      counts: plan.counts,
      createdAt: plan.createdAt,
      expiresAt: plan.expiresAt,
      ...about,
    };
  }

  async get(
    id: string,
  ): Promise<{ record: PlanRecord; plan: Plan } | undefined> {
    const row = await this.#knex('plans').where({ id }).first();
    return row && { record: toRecord(row), plan: JSON.parse(row.plan) };
  }

  /** Newest first. */
  async list(filter: ListFilter): Promise<PlanRecord[]> {
    const rows = await this.#knex('plans')
      .select(COLUMNS)
      .where(filterColumns(filter))
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(filter.limit ?? DEFAULT_LIMIT);
    return rows.map(toRecord);
  }

  /**
   * Deletes plans that expired before an instant and were never run.
   * @returns how many
   */
  async purge(expiredBefore: Date): Promise<number> {
    return this.#knex('plans')
      .where('expires_at', '<', expiredBefore.toISOString())
      .whereNotIn('id', this.#knex('runs').select('plan_id'))
      .delete();
  }
}

function toRecord(row: any): PlanRecord {
  return {
    id: row.id,
    digest: row.digest,
    kind: row.kind,
    rollbackOf: optional(row.rollback_of),
    cluster: row.cluster,
    namespace: row.namespace,
    name: row.name,
    entityRef: optional(row.entity_ref),
    refused: Boolean(row.refused),
    counts: JSON.parse(row.counts),
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
