/**
 * What the last check of a cluster found. The four are kept apart on purpose: a cluster that cannot
 * be asked is never shown as an empty one.
 *
 * - `reachable`: the API server answered with its version and accepted the credentials.
 * - `unreachable`: no answer in time, or an answer that no API server gives.
 * - `unauthorized`: the API server answered and refused the credentials (401 or 403).
 * - `unsupported`: its configuration names an auth provider that a backend cannot use by itself.
 *
 * @public
 */
export type ClusterState =
  | 'reachable'
  | 'unreachable'
  | 'unauthorized'
  | 'unsupported';

/**
 * A cluster of the `kubernetes:` configuration and whether it can be rolled out to now.
 *
 * @public
 */
export interface Cluster {
  /** Name in the configuration; what plans refer to. */
  name: string;
  /** Title for people; absent when the configuration gives none. */
  title?: string;
  /** Address of the API server. */
  url: string;
  /** Auth provider named by the configuration, for example `serviceAccount`. */
  authProvider: string;
  /** What the last check found. */
  state: ClusterState;
  /** Version of the API server, for example `v1.36.3`; only when reachable. */
  version?: string;
  /** Why it is not reachable and what to do; absent when it is. */
  message?: string;
  /** When it was checked, ISO 8601. */
  checkedAt: string;
}
