import {
  createPlan,
  isFinal,
  parseManifests,
  startRun,
  type KubeObject,
  type Plan as EnginePlan,
  type RolloutPolicy,
  type Target,
} from '@agentyard/kube-rollout';
import {
  MAX_MANIFEST_BYTES,
  type Cluster,
  type Plan,
  type PlanRequest,
  type PlanSummary,
  type Release,
  type Run,
  type RunRequest,
  type RunState,
  type RunSummary,
} from '@agentyard/plugin-rollouts-common';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { ClusterDirectory } from '../clusters/ClusterDirectory';
import type { DatabaseRunStore, RunRecord } from '../database/DatabaseRunStore';
import type { PlanRecord, PlanStore } from '../database/PlanStore';
import type { ListFilter } from '../database/rows';
import type { RunEventStore } from '../database/RunEventStore';
import {
  NotFoundRefusal,
  RequestRefusal,
  StateRefusal,
  translate,
} from './errors';
import {
  planSummary,
  planView,
  releaseView,
  runDetail,
  runSummary,
} from './views';

/** Decides what is planned, started and taken back. Whoever calls it has the right to: see `GuardedRollouts`. */
export class RolloutsService {
  readonly #clusters: ClusterDirectory;
  readonly #plans: PlanStore;
  readonly #runs: DatabaseRunStore;
  readonly #events: RunEventStore;
  readonly #maxObjects: number;
  readonly #policy: Partial<RolloutPolicy>;
  readonly #onStarted: () => void;

  constructor(options: {
    clusters: ClusterDirectory;
    plans: PlanStore;
    runs: DatabaseRunStore;
    events: RunEventStore;
    /** Largest number of objects in a plan. */
    maxObjects: number;
    policy: Partial<RolloutPolicy>;
    /** Called when there is a run to drive. */
    onStarted: () => void;
  }) {
    this.#clusters = options.clusters;
    this.#plans = options.plans;
    this.#runs = options.runs;
    this.#events = options.events;
    this.#maxObjects = options.maxObjects;
    this.#policy = options.policy;
    this.#onStarted = options.onStarted;
  }

  listClusters(): Promise<Cluster[]> {
    return this.#clusters.check();
  }

  async createPlan(request: PlanRequest, by: string): Promise<Plan> {
    const { name, cluster, namespace, manifests } = request;
    const entityRef = normalizeRef(request.entityRef);
    let objects: KubeObject[];
    try {
      objects = parseManifests(manifests, {
        maxBytes: MAX_MANIFEST_BYTES,
        maxObjects: this.#maxObjects,
      });
    } catch (error) {
      throw translate(error);
    }
    const { plan, record } = await this.#plan(
      { name, cluster, namespace },
      objects,
      { kind: 'rollout', entityRef, createdBy: by },
    );
    return planView(record, plan, new Date());
  }

  async listPlans(filter: ListFilter): Promise<PlanSummary[]> {
    const now = new Date();
    const records = await this.#plans.list(normalizeFilter(filter));
    return records.map(record => planSummary(record, now));
  }

  async getPlan(id: string): Promise<Plan> {
    const { record, plan } = await this.#storedPlan(id);
    return planView(record, plan, new Date());
  }

  /** @returns the run, and whether it is new: a plan has one run, however often it is asked for */
  async startRun(
    { planId, digest }: RunRequest,
    by: string,
  ): Promise<{ run: Run; created: boolean }> {
    const { plan } = await this.#storedPlan(planId);
    if (digest !== plan.digest) {
      throw new StateRefusal(
        'DIGEST_MISMATCH',
        `Plan ${planId} has another digest than the one given. Read the plan again, and start what you have read`,
      );
    }
    const existing = await this.#runs.runOfPlan(planId);
    if (existing)
      return { run: await this.getRun(existing.id), created: false };
    try {
      return { run: await this.#start(plan, by), created: true };
    } catch (error) {
      // Two requests at once: the other one's run is this one's too.
      const other = await this.#runs.runOfPlan(planId);
      if (other) return { run: await this.getRun(other.id), created: false };
      throw error;
    }
  }

  async listRuns(
    filter: ListFilter & { state?: RunState },
  ): Promise<RunSummary[]> {
    const records = await this.#runs.listRecords(normalizeFilter(filter));
    return records.map(runSummary);
  }

  async getRun(id: string): Promise<Run> {
    const [record, run, events] = await Promise.all([
      this.#runs.getRecord(id),
      this.#runs.getRun(id),
      this.#events.list(id),
    ]);
    if (!record || !run) throw runNotFound(id);
    return {
      ...runSummary(record),
      ...runDetail(run),
      events,
      canRollback: isFinal(record.state)
        ? typeof (await this.#wayBack(record)) !== 'string'
        : record.state !== 'rolling-back' && !run.abort,
    };
  }

  /** @returns the run itself while it is active, else the new run that undoes it */
  async rollbackRun(id: string, by: string): Promise<Run> {
    const record = await this.#runs.getRecord(id);
    if (!record) throw runNotFound(id);
    return isFinal(record.state)
      ? this.#undo(record, by)
      : this.#turnBack(record, by);
  }

  async listReleases(filter: ListFilter): Promise<Release[]> {
    const records = await this.#runs.listReleaseRecords(
      normalizeFilter(filter),
    );
    return records.map(releaseView);
  }

  async #turnBack(record: RunRecord, by: string): Promise<Run> {
    const at = new Date().toISOString();
    try {
      await this.#runs.requestAbort(record.id, { by, at, then: 'rollback' });
    } catch (error) {
      throw translate(error);
    }
    await this.#note(record.id, 'warn', `${by} asked to take the run back`);
    return this.getRun(record.id);
  }

  async #undo(record: RunRecord, by: string): Promise<Run> {
    const previous = await this.#wayBack(record);
    if (typeof previous === 'string') {
      throw new StateRefusal('ROLLBACK_IMPOSSIBLE', previous);
    }
    const release = await this.#runs.getRelease(previous.id);
    if (!release) {
      throw new StateRefusal(
        'ROLLBACK_IMPOSSIBLE',
        `Release ${previous.revision} of ${record.target.name} is not stored any more`,
      );
    }
    const { plan } = await this.#plan(record.target, release.objects, {
      kind: 'rollback',
      rollbackOf: record.id,
      entityRef: record.entityRef,
      createdBy: by,
    });
    return this.#start(
      plan,
      by,
      `brings release ${previous.revision} back, to undo run ${record.id}`,
    );
  }

  /** The release that a finished run can be taken back to, or the sentence why there is none. */
  async #wayBack(
    record: RunRecord,
  ): Promise<{ id: string; revision: number } | string> {
    const { target, state, revision } = record;
    if (state === 'rolled-back') {
      return `Run ${record.id} is rolled back already`;
    }
    const last = await this.#runs.lastRun(target);
    if (last && last.id !== record.id) {
      return `Run ${last.id} of ${target.name} came after run ${record.id}; take that one back`;
    }
    const previous = await this.#runs.releaseBefore(target, revision);
    return previous ?? `There is no release of ${target.name} before this run`;
  }

  async #plan(
    target: Target,
    objects: KubeObject[],
    about: Pick<PlanRecord, 'kind' | 'rollbackOf' | 'entityRef' | 'createdBy'>,
  ): Promise<{ plan: EnginePlan; record: PlanRecord }> {
    const cluster = await this.#clusters.connect(target.cluster);
    let plan: EnginePlan;
    try {
      plan = await createPlan({
        cluster,
        store: this.#runs,
        target,
        objects,
        policy: this.#policy,
        author: about.createdBy,
      });
    } catch (error) {
      throw translate(error);
    }
    return { plan, record: await this.#plans.add(plan, about) };
  }

  async #start(plan: EnginePlan, by: string, what?: string): Promise<Run> {
    let id: string;
    try {
      ({ id } = await startRun({ store: this.#runs, plan, requestedBy: by }));
    } catch (error) {
      throw translate(error);
    }
    await this.#note(id, 'info', `started by ${by}${what ? `: ${what}` : ''}`);
    this.#onStarted();
    return this.getRun(id);
  }

  async #storedPlan(id: string) {
    const stored = await this.#plans.get(id);
    if (stored) return stored;
    throw new NotFoundRefusal('PLAN_NOT_FOUND', `There is no plan ${id}`);
  }

  #note(runId: string, level: 'info' | 'warn', message: string) {
    const at = new Date().toISOString();
    return this.#events.append(runId, [{ at, level, message }]);
  }
}

function runNotFound(id: string): NotFoundRefusal {
  return new NotFoundRefusal('RUN_NOT_FOUND', `There is no run ${id}`);
}

function normalizeFilter<T extends ListFilter>(filter: T): T {
  return { ...filter, entityRef: normalizeRef(filter.entityRef) };
}

function normalizeRef(entityRef: string | undefined): string | undefined {
  if (entityRef === undefined) return undefined;
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch {
    throw new RequestRefusal(
      'INVALID_REQUEST',
      'entityRef is not an entity reference such as component:default/echo',
    );
  }
}
