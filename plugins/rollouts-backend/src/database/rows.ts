import type { Target } from '@agentyard/kube-rollout';

/** Which rows to list; absent fields do not narrow. */
export interface ListFilter {
  name?: string;
  cluster?: string;
  entityRef?: string;
  limit?: number;
}

/** Column values of a filter. */
export function filterColumns(filter: ListFilter): Record<string, string> {
  return {
    ...(filter.name && { name: filter.name }),
    ...(filter.cluster && { cluster: filter.cluster }),
    ...(filter.entityRef && { entity_ref: filter.entityRef }),
  };
}

/** Items of a list when the caller asks for no number. */
export const DEFAULT_LIMIT = 50;

/** A target as one string; unambiguous, since namespace and name hold no slash. */
export function targetKey({ cluster, namespace, name }: Target): string {
  return `${cluster}/${namespace}/${name}`;
}

/** Undefined for the NULLs of a database. */
export function optional<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
