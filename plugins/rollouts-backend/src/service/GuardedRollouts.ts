import {
  rolloutsPlanCreatePermission,
  rolloutsRunReadPermission,
  rolloutsRunRollbackPermission,
  rolloutsRunStartPermission,
  type Plan,
  type PlanRequest,
  type Run,
  type RunRequest,
  type RunState,
} from '@agentyard/plugin-rollouts-common';
import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import type { ListFilter } from '../database/rows';
import type { RolloutsMetrics } from './metrics';
import type { RolloutsService } from './RolloutsService';

/** Who asks, and by which request where it came over HTTP. */
export interface Caller {
  credentials: BackstageCredentials;
  request?: AuditorServiceCreateEventOptions['request'];
}

/** The one door to rollouts for people and machines: checks the right, does it, and leaves a trace of what changes something. */
export class GuardedRollouts {
  readonly #service: RolloutsService;
  readonly #permissions: PermissionsService;
  readonly #auditor: AuditorService;
  readonly #auth: AuthService;
  readonly #metrics: RolloutsMetrics;

  constructor(options: {
    service: RolloutsService;
    permissions: PermissionsService;
    auditor: AuditorService;
    auth: AuthService;
    metrics: RolloutsMetrics;
  }) {
    this.#service = options.service;
    this.#permissions = options.permissions;
    this.#auditor = options.auditor;
    this.#auth = options.auth;
    this.#metrics = options.metrics;
  }

  async listClusters(caller: Caller) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.listClusters();
  }

  async createPlan(caller: Caller, plan: PlanRequest): Promise<Plan> {
    const { name, cluster, namespace, entityRef } = plan;
    return this.#audited(
      caller,
      rolloutsPlanCreatePermission,
      { eventId: 'plan-create', severityLevel: 'low' },
      { name, cluster, namespace, entityRef },
      async by => {
        const made = await this.#service.createPlan(plan, by);
        this.#metrics.planned(made.state === 'refused' ? 'refused' : 'ready');
        return made;
      },
      ({ id, digest, state }) => ({ planId: id, digest, state }),
    );
  }

  async listPlans(caller: Caller, filter: ListFilter) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.listPlans(filter);
  }

  async getPlan(caller: Caller, id: string) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.getPlan(id);
  }

  async startRun(
    caller: Caller,
    start: RunRequest,
  ): Promise<{ run: Run; created: boolean }> {
    return this.#audited(
      caller,
      rolloutsRunStartPermission,
      { eventId: 'run-start', severityLevel: 'medium' },
      { planId: start.planId, digest: start.digest },
      by => this.#service.startRun(start, by),
      ({ run, created }) => ({ runId: run.id, created }),
    );
  }

  async listRuns(caller: Caller, filter: ListFilter & { state?: RunState }) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.listRuns(filter);
  }

  async getRun(caller: Caller, id: string) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.getRun(id);
  }

  async rollbackRun(caller: Caller, id: string): Promise<Run> {
    return this.#audited(
      caller,
      rolloutsRunRollbackPermission,
      { eventId: 'run-rollback', severityLevel: 'medium' },
      { runId: id },
      by => this.#service.rollbackRun(id, by),
      run => ({ rollbackRunId: run.id }),
    );
  }

  async listReleases(caller: Caller, filter: ListFilter) {
    await this.#authorize(caller, rolloutsRunReadPermission);
    return this.#service.listReleases(filter);
  }

  async #authorize(
    { credentials }: Caller,
    permission: BasicPermission,
  ): Promise<void> {
    const [{ result }] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(`This needs the permission ${permission.name}`);
    }
  }

  async #audited<T>(
    caller: Caller,
    permission: BasicPermission,
    event: Pick<AuditorServiceCreateEventOptions, 'eventId' | 'severityLevel'>,
    meta: Record<string, string | undefined>,
    act: (by: string) => Promise<T>,
    outcome: (result: T) => Record<string, string | boolean>,
  ): Promise<T> {
    const trace = await this.#auditor.createEvent({
      ...event,
      request: caller.request,
      meta,
    });
    try {
      await this.#authorize(caller, permission);
      const result = await act(this.#nameOf(caller.credentials));
      await trace.success({ meta: outcome(result) });
      return result;
    } catch (error) {
      await trace.fail({ error: error as Error });
      throw error;
    }
  }

  #nameOf(credentials: BackstageCredentials): string {
    if (this.#auth.isPrincipal(credentials, 'user')) {
      return credentials.principal.userEntityRef;
    }
    if (this.#auth.isPrincipal(credentials, 'service')) {
      return credentials.principal.subject;
    }
    return 'unknown';
  }
}
