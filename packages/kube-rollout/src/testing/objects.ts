import { KubeObject } from '../object';
import { DEFAULT_POLICY } from '../plan/policy';
import { ReadinessContext } from '../readiness/readiness';

/** The instant at which tables take place. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

/** An instant so many seconds before {@link NOW}. */
export const ago = (seconds: number) =>
  new Date(NOW - seconds * 1000).toISOString();

/** How tables look at objects: default policy, applied a minute ago. */
export const CONTEXT: ReadinessContext = {
  policy: DEFAULT_POLICY,
  now: NOW,
  appliedAt: NOW - 60_000,
};

/** A live object with what a case is about. */
export function live(
  apiVersion: string,
  kind: string,
  {
    metadata,
    ...rest
  }: {
    metadata?: Partial<KubeObject['metadata']>;
    spec?: any;
    status?: any;
  } = {},
): KubeObject {
  return {
    apiVersion,
    kind,
    ...rest,
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'uid-web',
      generation: 1,
      ...metadata,
    },
  };
}
