import { canonicalHash } from './canonicalJson';
import type { Sha256 } from './canonicalJson';
import type { ToolCatalog } from './catalog';
import type { JsonValue } from './strictJson';

/**
 * A target of a link (RFC 9264).
 *
 * @public
 */
export interface LinkTarget {
  href: string;
  type?: string;
  'spec-hash'?: Sha256[];
}

/**
 * A link context object: an anchor and its links by relation.
 *
 * @public
 */
export interface LinkContext {
  anchor: string;
  item?: LinkTarget[];
  'service-desc'?: LinkTarget[];
  'service-meta'?: LinkTarget[];
  status?: LinkTarget[];
}

/**
 * An API catalog as a linkset (RFC 9727, RFC 9264).
 *
 * @public
 */
export interface Linkset {
  linkset: LinkContext[];
}

/**
 * What {@link generateLinkset} cannot know from the catalog.
 *
 * @public
 */
export interface LinksetOptions {
  /** The well-known URL of the catalog. */
  catalogUrl: string;
  /** Stable URL of the EAT JSON. Default `/api-catalog/eat.json` on the catalog's origin. */
  eatUrl?: string;
  /** Health path on each MCP server's origin. Default `/health`; `null` for no `status` links. */
  healthPath?: string | null;
}

/**
 * The RFC 9727 linkset of a catalog: the catalog's URL lists each MCP server, and each server its specs, its catalog and its
 * health. Servers and specs are sorted, so that the same catalog gives the same linkset.
 *
 * @throws TypeError if an URL of the catalog or of the options is none: validate first
 *
 * @public
 */
export function generateLinkset(
  catalog: ToolCatalog,
  options: LinksetOptions,
): Linkset {
  const { catalogUrl, healthPath = '/health' } = options;
  const eatUrl =
    options.eatUrl ?? new URL('/api-catalog/eat.json', catalogUrl).href;
  const specsOfServer = new Map<string, Map<string, Sha256 | undefined>>();
  for (const tool of catalog.tools) {
    const serverUrl = tool['x-mcp-tool'].server_url;
    const specs = specsOfServer.get(serverUrl) ?? new Map();
    specs.set(tool.spec_url, tool.spec_hash);
    specsOfServer.set(serverUrl, specs);
  }
  const servers = [...specsOfServer].sort(byFirst);
  return {
    linkset: [
      {
        anchor: catalogUrl,
        item: servers.map(([href]) => ({ href })),
      },
      ...servers.map(([anchor, specs]) => ({
        anchor,
        'service-desc': [...specs]
          .sort(byFirst)
          .map(([href, hash]) => specTarget(href, hash)),
        'service-meta': [{ href: eatUrl, type: 'application/json' }],
        ...(healthPath === null
          ? {}
          : {
              status: [
                {
                  href: new URL(healthPath, anchor).href,
                  type: 'application/json',
                },
              ],
            }),
      })),
    ],
  };
}

function byFirst([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

function specTarget(href: string, hash: Sha256 | undefined): LinkTarget {
  const type = specTypeOf(new URL(href).pathname);
  return {
    href,
    ...(type && { type }),
    ...(hash && { 'spec-hash': [hash] }),
  };
}

function specTypeOf(path: string): string | undefined {
  if (/\.ya?ml$/i.test(path)) {
    return 'application/yaml';
  }
  return /\.json$/i.test(path) ? 'application/json' : undefined;
}

/**
 * The statement's `linkset_hash`: SHA-256 over the JCS form, of a linkset that was generated or received.
 *
 * @throws EatError as {@link canonicalize}
 *
 * @public
 */
export function linksetHash(linkset: Linkset): Sha256 {
  return canonicalHash(linkset as unknown as JsonValue);
}
