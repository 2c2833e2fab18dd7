import type {
  CatalogSummary,
  ServerSummary,
} from '@agentyard/plugin-tool-registry-common';
import type { RunSummary } from '@agentyard/plugin-rollouts-common';

/** Something that waits for a person: what, since when, and where to go on. */
export interface Attention {
  key: string;
  tone: 'bad' | 'warning';
  title: string;
  detail: string;
  since?: string;
  href: string;
}

const aWeek = 7 * 24 * 3_600_000;

/** Catalogs that do not verify, or whose signature has less than a quarter of its life left. */
export function catalogsInTrouble(
  catalogs: readonly CatalogSummary[],
  now: number,
): Attention[] {
  return catalogs.flatMap((catalog): Attention[] => {
    const { id, title, verdict, snapshot } = catalog;
    const href = `/tool-catalogs/${encodeURIComponent(id)}`;
    if (verdict.status !== 'verified') {
      return [
        {
          key: `catalog:${id}`,
          tone: verdict.status === 'refused' ? 'bad' : 'warning',
          title: `Catalog “${title}” is ${verdict.status}`,
          detail: verdict.reasons[0]?.message ?? 'It has not been read yet.',
          since: verdict.since ?? verdict.checkedAt,
          href,
        },
      ];
    }
    const { issuedAt, expiresAt } = snapshot?.signature ?? {};
    if (!issuedAt || !expiresAt) return [];
    const end = Date.parse(expiresAt);
    if (end - now > (end - Date.parse(issuedAt)) / 4) return [];
    return [
      {
        key: `expiry:${id}`,
        tone: 'warning',
        title: `The signature of “${title}” is about to expire`,
        detail:
          'Its publisher should have signed anew by now. After that moment the catalog is refused.',
        since: expiresAt,
        href,
      },
    ];
  });
}

/** Servers that do not answer as they should. */
export function serversInTrouble(
  servers: readonly ServerSummary[],
): Attention[] {
  return servers
    .filter(({ health }) => !['healthy', 'unknown'].includes(health.state))
    .map(({ id, title, health }) => ({
      key: `server:${id}`,
      tone: health.state === 'unreachable' ? 'bad' : 'warning',
      title: `Server “${title}” is ${health.state}`,
      detail: health.reason?.message ?? '',
      since: health.since,
      href: `/servers/${encodeURIComponent(id)}`,
    }));
}

/** Runs of the last week that did not succeed, unless the same application has succeeded since. */
export function runsInTrouble(
  runs: readonly RunSummary[],
  now: number,
): Attention[] {
  const settled = new Set<string>();
  return [...runs]
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .flatMap((run): Attention[] => {
      const target = `${run.cluster}/${run.namespace}/${run.name}`;
      if (!run.finishedAt || settled.has(target)) return [];
      settled.add(target);
      const recent = now - Date.parse(run.createdAt) < aWeek;
      if (run.verdict === 'succeeded' || !recent) return [];
      return [
        {
          key: `run:${run.id}`,
          tone: run.verdict === 'failed' ? 'bad' : 'warning',
          title: `Rollout of ${run.name} to ${run.cluster}: ${run.verdict}`,
          detail: run.message ?? '',
          since: run.finishedAt ?? run.updatedAt,
          href: `/rollouts/runs/${encodeURIComponent(run.id)}`,
        },
      ];
    });
}
