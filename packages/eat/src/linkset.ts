import type { Sha256 } from './canonicalJson';

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
import type { ToolCatalog } from './catalog';

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
 * The RFC 9727 linkset of a catalog: same input, same output.
 *
 * @public
 */
export function generateLinkset(
  catalog: ToolCatalog,
  options: LinksetOptions,
): Linkset {
  throw new Error(String([catalog, options]));
}

/**
 * The statement's `linkset_hash`: SHA-256 over the JCS form.
 *
 * @public
 */
export function linksetHash(linkset: Linkset): Sha256 {
  throw new Error(String(linkset));
}
