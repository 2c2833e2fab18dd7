/** A Kubernetes control plane that tests may use. @public */
export interface ControlPlane {
  /** Path of its kubeconfig, whose user is an administrator. */
  kubeconfig: string;
  /** Path of a kubectl, or null where only a foreign cluster and no kubectl is at hand. */
  kubectl: string | null;
  /** Whether the pods are simulated, so that `sim/failure` works; false on a cluster that the user named. */
  simulates: boolean;
  /** Path of the audit log (Metadata level, users' requests only) for `countRequests`; null on a foreign cluster. */
  auditLog: string | null;
}

/** Which of several clusters; lower-case letters, digits and hyphens. `default` unless told. @public */
export interface ClusterChoice {
  name?: string;
}

/**
 * Brings a cluster up, or finds it up. Builds the binary first where Go is at hand, which takes minutes the first time.
 * @param options - `nodes`: how many simulated nodes a new cluster gets (3); `say`: is told of progress
 * @throws ControlPlaneProblem NO_CONTROL_PLANE where none can be had; BUILD_FAILED, NO_PORT, PART_STOPPED, NOT_READY
 * @example
 * const { kubeconfig } = await startControlPlane({ name: 'engine' });
 * @public
 */
export function startControlPlane(
  options?: ClusterChoice & { nodes?: number; say?: (text: string) => void },
): Promise<ControlPlane>;

/** Stops a cluster and removes all it kept; returns whether there was one. @public */
export function stopControlPlane(
  options?: ClusterChoice & { say?: (text: string) => void },
): Promise<boolean>;

/** The cluster that is up, or the one that AGENTYARD_TEST_KUBECONFIG names; null when there is none. Starts nothing. @public */
export function findControlPlane(
  options?: ClusterChoice,
): Promise<ControlPlane | null>;

/** Whether `startControlPlane` succeeds without a build: the binary, or a cluster for tests, is there. @public */
export function canStartControlPlane(): boolean;

/**
 * The rule for tests that need a control plane: true when there is one; else says by name which tests are skipped and what
 * to install. With AGENTYARD_REQUIRE_CONTROL_PLANE=1 (as in `.ci/run`) a skip is a failure.
 * @param found - what was found: a ControlPlane, or the answer of `canStartControlPlane`
 * @throws ControlPlaneProblem NO_CONTROL_PLANE where the skip is not allowed
 * @example
 * const suite = requireControlPlane(canStartControlPlane(), 'rollout engine') ? describe : describe.skip;
 * @public
 */
export function requireControlPlane(
  found: ControlPlane | boolean | null,
  suite: string,
): boolean;

/** Counts API requests in an audit log; a watch is one request, however long it lasts. @public */
export function countRequests(
  auditLog: string,
  filter: {
    /** How the user agent begins, for example `kubectl/`. */
    userAgent: string;
    namespace?: string;
    /** Only requests received from then on. */
    since?: Date;
  },
): Promise<{ total: number; byVerb: Record<string, number> }>;

/** Values of the pod-template annotation `sim/failure`. @public */
export const failures: readonly string[];

/**
 * Why a control plane cannot be had, with what to do about it. Codes: WRONG_USE, NO_CONTROL_PLANE, BUILD_FAILED, BUSY, NO_PORT,
 * PART_STOPPED, NOT_READY.
 * @public
 */
export class ControlPlaneProblem extends Error {
  code: string;
  advice?: string;
}
