import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import { Cluster } from '../cluster/cluster';
import { Resource } from '../cluster/discovery';
import { ClusterError, PlanError } from '../errors';
import {
  formatRef,
  groupOf,
  KubeObject,
  ObjectRef,
  refKey,
  refOf,
} from '../object';
import { withRetry } from '../cluster/retry';
import { InventoryEntry, RunStore } from '../run/runStore';
import { baseOf, sameDeclared } from './compare';
import { diffObjects } from './diff';
import { planDigest } from './digest';
import { levelsOf } from './levels';
import { LiveState, readLiveState } from './liveState';
import {
  isKept,
  ownerOf,
  OWNER_LABEL,
  protection,
  withOwner,
} from './ownership';
import {
  ObjectPlan,
  Plan,
  PlanAction,
  PlanProblem,
  RolloutPolicy,
  Target,
} from './plan';
import { DEFAULT_POLICY, pruneCap } from './policy';
import { isRefusalOfObject, problemsOf } from './refusal';

/**
 * What to plan.
 *
 * @public
 */
export interface CreatePlanOptions {
  cluster: Cluster;
  /** Where inventory and releases of the target are read from. */
  store: Pick<RunStore, 'inventory' | 'latestRelease'>;
  target: Target;
  /** As {@link parseManifests} reads them, or the objects of a {@link Release}. */
  objects: KubeObject[];
  policy?: Partial<RolloutPolicy>;
  author?: string;
  signal?: AbortSignal;
  /** The clock; for tests. */
  now?: () => Date;
}

const LIFETIME_MS = 2 * 60 * 60 * 1000;
const CONCURRENCY = 16;
/** How long a plan puts up with a server that is busy. */
const RETRY_MS = 10_000;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Asks the cluster what would happen, without changing anything: one server-side dry run per object and one LIST
 * per kind and namespace. A refusal by the server is part of the plan, not an error.
 *
 * To go back to any release, plan its objects.
 *
 * @throws ClusterError `UNREACHABLE`, `UNAUTHORIZED`, … when the cluster cannot be asked
 * @throws PlanError `BAD_TARGET` when the target's name or namespace is no DNS label
 *
 * @public
 */
export async function createPlan(options: CreatePlanOptions): Promise<Plan> {
  const { cluster, store, target, signal, now = () => new Date() } = options;
  checkTarget(target);
  const policy: RolloutPolicy = {
    ...DEFAULT_POLICY,
    ...withoutUndefined(options.policy),
  };
  const [inventory, release, serverVersion] = await Promise.all([
    store.inventory(target),
    store.latestRelease(target),
    cluster.version(signal),
  ]);

  const drafts = await resolveAll(cluster, target, options.objects);
  const namespaces = await readNamespaces(cluster, drafts, signal);
  for (const draft of drafts) checkNamespace(draft, namespaces);

  const wanted = new Set(drafts.map(({ ref }) => refKey(ref)));
  const leftovers = await resolveLeftovers(
    cluster,
    inventory.filter(({ ref }) => !wanted.has(refKey(ref))),
  );
  const live = await readLiveState(
    cluster,
    [...drafts.filter(isAskable), ...leftovers].map(({ ref, resource }) => ({
      ref,
      resource: resource!,
    })),
    signal,
  );

  const queue = new PQueue({ concurrency: CONCURRENCY });
  const planned = await queue.addAll(
    drafts.map(draft => () => planObject(cluster, target, draft, live, signal)),
  );
  const pruned = planPrune(
    leftovers,
    live,
    new Set(planned.flatMap(({ base }) => (base ? [base.uid] : []))),
    target,
    policy,
    inventory.length,
  );

  const objects = inOrder(planned, pruned);
  const createdAt = now();
  const counts: Record<PlanAction, number> = {
    create: 0,
    update: 0,
    unchanged: 0,
    prune: 0,
    keep: 0,
    refused: 0,
  };
  for (const { action } of objects) counts[action] += 1;
  return {
    id: randomUUID(),
    target,
    policy,
    digest: planDigest({ target, policy, objects }),
    createdAt: createdAt.toISOString(),
    expiresAt: new Date(createdAt.getTime() + LIFETIME_MS).toISOString(),
    ...(options.author ? { author: options.author } : {}),
    objects,
    counts,
    refused: counts.refused > 0,
    ...(release
      ? { previousRelease: { id: release.id, revision: release.revision } }
      : {}),
    serverVersion,
  };
}

/** An object on its way into the plan. */
interface Draft {
  ref: ObjectRef;
  manifest: KubeObject;
  /** Absent when the server does not serve the kind (yet). */
  resource?: Resource;
  pending?: ObjectPlan['pending'];
  problems: PlanProblem[];
}

function isAskable(draft: Draft): boolean {
  return !!draft.resource && !draft.pending && !draft.problems.some(isError);
}

function isError({ severity }: PlanProblem): boolean {
  return severity === 'error';
}

function checkTarget({ name, namespace }: Target): void {
  for (const [field, value] of [
    ['name', name],
    ['namespace', namespace],
  ]) {
    if (!DNS_LABEL.test(value)) {
      throw new PlanError(
        'BAD_TARGET',
        `the target's ${field} must be a DNS label: lower-case letters, digits and dashes, at most 63`,
      );
    }
  }
}

/** Finds out how each kind is served, gives namespaced objects a namespace, and marks what depends on CRDs of this set. */
async function resolveAll(
  cluster: Cluster,
  target: Target,
  objects: KubeObject[],
): Promise<Draft[]> {
  const definitions = objects.filter(isDefinition);
  const seen = new Set<string>();
  return Promise.all(
    objects.map(async object => {
      const problems: PlanProblem[] = [];
      let resource: Resource | undefined;
      let pending: Draft['pending'];
      let namespaced = true;
      try {
        resource = await cluster.resource(object.apiVersion, object.kind);
        namespaced = resource.namespaced;
      } catch (error) {
        if (!isRefusalOfObject(error)) throw error;
        const definition = definitions.find(crd => defines(crd, object));
        if (definition) {
          pending = 'CustomResourceDefinition';
          namespaced = definition.spec?.scope !== 'Cluster';
          problems.push({
            code: 'PENDING',
            severity: 'warning',
            message: `not checked by the server: ${formatRef(
              refOf(definition),
            )} of this plan has to be there first`,
          });
        } else {
          problems.push({
            code: 'UNKNOWN_KIND',
            severity: 'error',
            field: 'kind',
            message: error.message,
          });
        }
      }
      const { namespace: given, ...metadata } = object.metadata;
      if (given && !namespaced) {
        problems.push({
          code: 'INVALID',
          severity: 'error',
          field: 'metadata.namespace',
          message: `${object.kind} belongs to no namespace`,
        });
      }
      const namespace = namespaced ? given ?? target.namespace : undefined;
      const manifest = withOwner(
        {
          ...object,
          metadata: {
            ...metadata,
            ...(namespace ? { namespace } : {}),
          } as KubeObject['metadata'],
        },
        target.name,
      );
      const ref = refOf(manifest);
      // Two manifests may become one object only now that both have a namespace.
      if (seen.has(refKey(ref))) {
        problems.push({
          code: 'INVALID',
          severity: 'error',
          field: 'metadata.name',
          message: `${formatRef(ref)} is in the manifests twice`,
        });
      }
      seen.add(refKey(ref));
      return { ref, manifest, resource, pending, problems };
    }),
  );
}

function isDefinition({ apiVersion, kind }: KubeObject): boolean {
  return (
    kind === 'CustomResourceDefinition' &&
    groupOf(apiVersion) === 'apiextensions.k8s.io'
  );
}

function defines(definition: KubeObject, object: KubeObject): boolean {
  const { spec } = definition;
  return (
    spec?.names?.kind === object.kind &&
    spec?.group === groupOf(object.apiVersion) &&
    Array.isArray(spec?.versions) &&
    spec.versions.some(
      (version: any) =>
        version?.served !== false &&
        `${spec.group}/${version?.name}` === object.apiVersion,
    )
  );
}

type NamespaceState = 'active' | 'terminating' | 'planned' | 'missing';

async function readNamespaces(
  cluster: Cluster,
  drafts: Draft[],
  signal?: AbortSignal,
): Promise<Map<string, NamespaceState>> {
  const planned = new Set(
    drafts
      .filter(({ ref }) => ref.kind === 'Namespace' && ref.apiVersion === 'v1')
      .map(({ ref }) => ref.name),
  );
  const names = new Set(drafts.flatMap(({ ref }) => ref.namespace ?? []));
  const states = await Promise.all(
    [...names].map(async (name): Promise<[string, NamespaceState]> => {
      let live: KubeObject | undefined;
      try {
        live = await cluster.get(
          { apiVersion: 'v1', kind: 'Namespace', name },
          signal,
        );
      } catch (error) {
        // Whoever may work in a namespace need not have the right to look at it.
        if (!isRefusalOfObject(error)) throw error;
        return [name, 'active'];
      }
      if (live) {
        return [
          name,
          live.metadata.deletionTimestamp ? 'terminating' : 'active',
        ];
      }
      return [name, planned.has(name) ? 'planned' : 'missing'];
    }),
  );
  return new Map(states);
}

function checkNamespace(
  draft: Draft,
  namespaces: Map<string, NamespaceState>,
): void {
  const { namespace } = draft.ref;
  if (!namespace) return;
  switch (namespaces.get(namespace)) {
    case 'planned':
      draft.pending ??= 'Namespace';
      draft.problems.push({
        code: 'PENDING',
        severity: 'warning',
        message: `not checked by the server: Namespace ${namespace} of this plan has to be there first`,
      });
      break;
    case 'missing':
      draft.problems.push({
        code: 'NAMESPACE_MISSING',
        severity: 'error',
        field: 'metadata.namespace',
        message: `the cluster has no namespace "${namespace}"; create it, or add it to the manifests`,
      });
      break;
    case 'terminating':
      draft.problems.push({
        code: 'NAMESPACE_TERMINATING',
        severity: 'error',
        field: 'metadata.namespace',
        message: `namespace "${namespace}" is being deleted; wait until it is gone`,
      });
      break;
    default:
  }
}

async function planObject(
  cluster: Cluster,
  target: Target,
  draft: Draft,
  live: LiveState,
  signal?: AbortSignal,
): Promise<ObjectPlan> {
  const { ref, manifest, pending, problems } = draft;
  const refused = (
    more: PlanProblem[],
    base?: ObjectPlan['base'],
  ): ObjectPlan => ({
    ref,
    level: 0,
    action: 'refused',
    ...(base ? { base } : {}),
    problems: [...problems, ...more],
    manifest,
  });
  if (problems.some(isError)) return refused([]);
  if (pending) {
    return {
      ref,
      level: 0,
      action: 'create',
      pending,
      diff: diffObjects(undefined, manifest),
      problems,
      manifest,
    };
  }
  const hidden = live.refused(ref);
  if (hidden) return refused(problemsOf(ref, hidden));

  const before = live.get(ref);
  const base = before && baseOf(before);
  if (before) {
    const trouble = checkLive(before, target);
    if (trouble) return refused([trouble], base);
  }
  try {
    const { object, warnings } = await withRetry(
      () => cluster.apply(manifest, { dryRun: true, signal }),
      { signal, untilMs: Date.now() + RETRY_MS },
    );
    const unchanged = before && sameDeclared(before, object);
    return {
      ref,
      level: 0,
      action: actionOf(before, unchanged),
      ...(unchanged
        ? {}
        : { diff: diffObjects(before, before ? object : manifest) }),
      ...(base ? { base } : {}),
      problems: [...problems, ...warnings.map(serverWarning)],
      manifest,
    };
  } catch (error) {
    if (!isRefusalOfObject(error)) throw error;
    return refused(problemsOf(ref, error), base);
  }
}

function actionOf(
  before: KubeObject | undefined,
  unchanged: boolean | undefined,
): PlanAction {
  if (!before) return 'create';
  return unchanged ? 'unchanged' : 'update';
}

function checkLive(live: KubeObject, target: Target): PlanProblem | undefined {
  if (live.metadata.deletionTimestamp) {
    return {
      code: 'TERMINATING',
      severity: 'error',
      message: 'the live object is being deleted; wait until it is gone',
    };
  }
  const owner = ownerOf(live);
  if (owner !== undefined && owner !== target.name) {
    return {
      code: 'OWNED_BY_OTHER',
      severity: 'error',
      field: `metadata.labels[${OWNER_LABEL}]`,
      message: `the application "${owner}" owns this object; an object can be part of one application only`,
    };
  }
  return undefined;
}

function serverWarning(message: string): PlanProblem {
  return { code: 'SERVER_WARNING', severity: 'warning', message };
}

/** Inventory whose kind the server still serves; the rest cannot exist any more. */
async function resolveLeftovers(
  cluster: Cluster,
  entries: InventoryEntry[],
): Promise<(InventoryEntry & { resource: Resource })[]> {
  const resolved = await Promise.all(
    entries.map(async entry => {
      try {
        return {
          ...entry,
          resource: await cluster.resource(
            entry.ref.apiVersion,
            entry.ref.kind,
          ),
        };
      } catch (error) {
        if (error instanceof ClusterError && error.code === 'UNKNOWN_KIND')
          return undefined;
        throw error;
      }
    }),
  );
  return resolved.filter(entry => entry !== undefined);
}

function planPrune(
  leftovers: InventoryEntry[],
  live: LiveState,
  plannedUids: Set<string>,
  target: Target,
  policy: RolloutPolicy,
  inventorySize: number,
): ObjectPlan[] {
  const plans = leftovers.flatMap((entry): ObjectPlan[] => {
    const { ref } = entry;
    const keep = (
      code: 'NOT_OURS' | 'KEPT' | 'PROTECTED',
      message: string,
    ): ObjectPlan[] => [
      {
        ref,
        level: 0,
        action: 'keep',
        problems: [{ code, severity: 'warning', message }],
      },
    ];
    if (live.refused(ref))
      return keep('NOT_OURS', `cannot be seen: ${live.refused(ref)!.message}`);
    const object = live.get(ref);
    if (!object || object.metadata.deletionTimestamp) return [];
    if (object.metadata.uid !== entry.uid) {
      return keep(
        'NOT_OURS',
        'another object has taken this name since; it is not ours to delete',
      );
    }
    if (ownerOf(object) !== target.name) {
      return keep('NOT_OURS', `the label ${OWNER_LABEL} is not ours any more`);
    }
    // One object may be served under two API groups; then it is still in the set under its other name.
    if (plannedUids.has(object.metadata.uid ?? '')) return [];
    if (!policy.prune) return keep('KEPT', 'pruning is switched off');
    if (isKept(object))
      return keep('KEPT', 'its annotations say that it stays');
    const reason = protection(ref, policy.pruneProtected);
    if (reason) return keep('PROTECTED', reason);
    return [
      {
        ref,
        level: 0,
        action: 'prune',
        diff: diffObjects(object, undefined),
        base: baseOf(object),
        problems:
          protection(ref, false) === undefined
            ? []
            : [
                {
                  code: 'DATA_LOSS',
                  severity: 'warning',
                  message: 'what is stored in it cannot be brought back',
                },
              ],
      },
    ];
  });
  const cap = pruneCap(policy, inventorySize);
  const count = plans.filter(({ action }) => action === 'prune').length;
  if (count <= cap) return plans;
  return plans.map(plan =>
    plan.action === 'prune'
      ? {
          ...plan,
          action: 'refused',
          problems: [
            ...plan.problems,
            {
              code: 'PRUNE_TOO_LARGE',
              severity: 'error',
              message: `this plan would delete ${count} objects, more than the ${cap} that go without asking; allow it with the policy's maxPrune`,
            },
          ],
        }
      : plan,
  );
}

/** Application in the order of kinds, then deletion in the opposite order. */
function inOrder(planned: ObjectPlan[], pruned: ObjectPlan[]): ObjectPlan[] {
  const up = levelsOf(planned.map(({ ref }) => ref));
  const down = levelsOf(pruned.map(({ ref }) => ref));
  const first = up.length ? Math.max(...up) + 1 : 0;
  const last = first + (down.length ? Math.max(...down) : 0);
  return [
    ...planned.map((plan, i) => ({ ...plan, level: up[i] })),
    ...pruned.map((plan, i) => ({ ...plan, level: last - down[i] })),
  ].sort((a, b) => a.level - b.level);
}

function withoutUndefined<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, field]) => field !== undefined),
  ) as Partial<T>;
}
