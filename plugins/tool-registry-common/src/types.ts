import type { JsonObject } from '@backstage/types';
import type { Verdict, VerdictStatus } from './verdict';

/**
 * What a source is: a signed tool catalog (EAT), or one MCP server.
 *
 * @public
 */
export type SourceType = 'eat-catalog' | 'mcp-server';

/**
 * Rules by which a catalog is verified: `strict` is Agentyard's, `eat-compat` accepts what the EAT
 * guides publish.
 *
 * @public
 */
export type VerificationProfile = 'strict' | 'eat-compat';

/**
 * What the verdict decides: `enforce` lets only verified catalogs in, `audit` lets every readable
 * catalog in and shows the verdict.
 *
 * @public
 */
export type SourceMode = 'enforce' | 'audit';

/**
 * Something that the registry reads on a schedule.
 *
 * @public
 */
export interface Source {
  /** Stable id; config sources have the config key, others `<provider>.<id>`. */
  id: string;
  type: SourceType;
  url: string;
  /** Where the source was declared. */
  origin: {
    /** `config`, `catalog` (a catalog-info.yaml entity) or the name of another source provider. */
    provider: string;
    /** The declaring entity, when there is one. */
    entityRef?: string;
  };
  /** Owner of what the source brings (entity ref). */
  owner: string;
  /** DID of the expected publisher (catalogs only). */
  publisher?: string;
  /** Catalogs only. */
  profile?: VerificationProfile;
  /** Catalogs only. */
  mode?: SourceMode;
  /** Time between two attempts. */
  intervalSeconds: number;
  lastFetch: SourceFetch;
  /** When the next attempt is due (RFC 3339). */
  nextFetchAt?: string;
}

/**
 * Outcome of a source's last attempt.
 *
 * @public
 */
export interface SourceFetch {
  /** `pending` before the first attempt. */
  outcome: 'pending' | 'succeeded' | 'failed';
  /** When the last attempt ended (RFC 3339). */
  at?: string;
  /** When an attempt last succeeded (RFC 3339). */
  lastSuccessAt?: string;
  /** Why it failed. */
  reason?: { code: string; message: string };
}

/**
 * A tool catalog, as listed.
 *
 * @public
 */
export interface CatalogSummary {
  /** Equals the id of its source. */
  id: string;
  /** Name of the catalog's entity. */
  name: string;
  /** Title from the catalog's metadata, else the name. */
  title: string;
  description?: string;
  url: string;
  /** The catalog's entity. */
  entityRef: string;
  owner: string;
  publisher?: string;
  profile: VerificationProfile;
  mode: SourceMode;
  /** Verdict of the last attempt. */
  verdict: Verdict;
  /** The last good snapshot, from which the entities stand; absent when none was ever accepted. */
  snapshot?: CatalogSnapshot;
}

/**
 * A catalog as it was accepted.
 *
 * @public
 */
export interface CatalogSnapshot {
  /** SHA-256 of the canonical form, `sha256:<hex>`; the statement's `catalog_hash`. */
  digest: string;
  /** Sequence number of the statement. */
  seq?: number;
  /** Verdict with which it was accepted (`verified`, or another one in audit mode). */
  verdict: VerdictStatus;
  /** When these bytes were first accepted (RFC 3339). */
  acceptedAt: string;
  /** When an attempt last confirmed them (RFC 3339). */
  confirmedAt: string;
  toolCount: number;
  signature?: CatalogSignature;
}

/**
 * Who signed, with what, and until when.
 *
 * @public
 */
export interface CatalogSignature {
  /** DID of the issuer. */
  issuer: string;
  /** Key id, a DID URL. */
  kid: string;
  /** JWS algorithm, such as `RS256`. */
  algorithm: string;
  /** How the signature travelled: `A`, `B`, `C`, `D` or `S`. */
  carrier?: string;
  /** RFC 3339. */
  issuedAt?: string;
  /** RFC 3339. */
  expiresAt?: string;
}

/**
 * What a snapshot changed against the one before it, by tool name.
 *
 * @public
 */
export interface CatalogChange {
  /** When the new snapshot was accepted (RFC 3339). */
  at: string;
  /** Digest of the new snapshot. */
  digest: string;
  /** Digest of the snapshot before; absent on the first one. */
  previousDigest?: string;
  tools: ToolChange[];
}

/**
 * One tool's change; a `changed` one carries the code `DEFINITION_CHANGED`.
 *
 * @public
 */
export interface ToolChange {
  name: string;
  kind: 'added' | 'removed' | 'changed';
  /** `DEFINITION_CHANGED` for a changed definition. */
  code?: string;
  /** Definition digest before, `sha256:<hex>`. */
  from?: string;
  /** Definition digest after, `sha256:<hex>`. */
  to?: string;
}

/**
 * A tool catalog with its tools and what changed.
 *
 * @public
 */
export interface Catalog extends CatalogSummary {
  /** Newest first, at most 20. */
  changes: CatalogChange[];
  tools: ToolSummary[];
}

/**
 * Whether a server answers as it should.
 *
 * - `healthy`: answers, and lists its tools
 * - `degraded`: answers, but slowly, incompletely or without what the signed catalog promises
 * - `unauthorized`: answers, and wants credentials that the registry does not have
 * - `unreachable`: does not answer
 * - `unknown`: not asked yet
 *
 * @public
 */
export type HealthState =
  | 'healthy'
  | 'degraded'
  | 'unauthorized'
  | 'unreachable'
  | 'unknown';

/**
 * Health of a server at its last probe.
 *
 * @public
 */
export interface ServerHealth {
  state: HealthState;
  /** Since when the state is what it is (RFC 3339). */
  since?: string;
  /** When it was last asked (RFC 3339). */
  checkedAt?: string;
  /** When it last answered well (RFC 3339). */
  lastHealthyAt?: string;
  /** Time of the whole probe. */
  latencyMs?: number;
  /** Why the state is not `healthy`. */
  reason?: { code: string; message: string };
}

/**
 * An MCP server, as listed.
 *
 * @public
 */
export interface ServerSummary {
  /** Stable id, derived from the URL. */
  id: string;
  /** Name of the server's entity. */
  name: string;
  /** What the server calls itself, else its address. */
  title: string;
  url: string;
  /** The server's entity. */
  entityRef: string;
  owner: string;
  health: ServerHealth;
  /** How it speaks: an MCP revision's era or the EAT dialect; absent when never reached. */
  dialect?: string;
  /** Negotiated MCP revision, such as `2025-11-25`. */
  protocolVersion?: string;
  /** What the server says of itself. */
  serverInfo?: { name: string; title?: string; version?: string };
  /** Ids of the catalogs that name it. */
  catalogIds: string[];
  /** Number of tools by signed catalogs. */
  catalogToolCount: number;
  /** Number of tools it lists itself; absent when never listed. */
  liveToolCount?: number;
  /** Signed and live tools compared; absent when never listed or when no catalog names it. */
  drift?: ServerDrift;
}

/**
 * Difference between what is signed for a server and what it lists, by tool name.
 *
 * @public
 */
export interface ServerDrift {
  /** Signed, and not listed by the server. */
  missing: string[];
  /** Listed by the server, and not signed. */
  unsigned: string[];
}

/**
 * An MCP server with its history and its own tool list.
 *
 * @public
 */
export interface Server extends ServerSummary {
  /** Newest first; bounded. */
  history: ServerProbe[];
  /** Tools as the server listed them when it last did. */
  liveTools: LiveTool[];
  /** Tools that signed catalogs place on this server. */
  tools: ToolSummary[];
  /** When the live tools were listed (RFC 3339). */
  liveToolsAt?: string;
}

/**
 * One probe of a server.
 *
 * @public
 */
export interface ServerProbe {
  /** RFC 3339. */
  at: string;
  state: HealthState;
  latencyMs?: number;
  /** Stable code, when the state is not `healthy`. */
  code?: string;
}

/**
 * A tool as a server's `tools/list` describes it.
 *
 * @public
 */
export interface LiveTool {
  name: string;
  title?: string;
  description?: string;
  /** JSON Schema of the arguments. */
  inputSchema?: JsonObject;
  /** JSON Schema of the structured result. */
  outputSchema?: JsonObject;
  /** MCP tool annotations (hints, never to be trusted blindly). */
  annotations?: JsonObject;
  /** SHA-256 of the canonical form of the server's description of the tool, `sha256:<hex>`. */
  digest: string;
}

/**
 * A tool of an accepted catalog, as listed.
 *
 * @public
 */
export interface ToolSummary {
  /** `<catalog id>:<tool name>`. */
  id: string;
  name: string;
  title?: string;
  description: string;
  version?: string;
  capabilities: string[];
  owner: string;
  /** The tool's entity. */
  entityRef: string;
  /** SHA-256 of the canonical form of the catalog's definition, `sha256:<hex>`. */
  digest: string;
  catalog: {
    id: string;
    name: string;
    title: string;
    entityRef: string;
    /** Status of the catalog's last verdict. */
    verdict: VerdictStatus;
  };
  server: {
    id: string;
    name: string;
    title: string;
    url: string;
    entityRef: string;
    health: HealthState;
  };
  /** Whether the server lists it: `unknown` when the server never listed its tools. */
  live: 'listed' | 'missing' | 'unknown';
}

/**
 * A tool with all that is known of it.
 *
 * @public
 */
export interface Tool extends ToolSummary {
  /** The tool's member of the catalog, as signed. */
  definition: JsonObject;
  specUrl: string;
  /** `sha256:<hex>` over the spec's bytes. */
  specHash?: string;
  /** Examples from the catalog. */
  examples: ToolExample[];
  /** The server's own description, from which the schemas come; not signed. */
  liveTool?: LiveTool;
  /** When the definition first entered (RFC 3339). */
  firstSeenAt: string;
  /** When the definition last changed (RFC 3339). */
  changedAt: string;
}

/**
 * An example from a catalog.
 *
 * @public
 */
export interface ToolExample {
  description?: string;
  input?: JsonObject;
  output?: JsonObject;
}

/**
 * Filters of the tool list; all given ones must hold.
 *
 * @public
 */
export interface ToolFilter {
  /** Words that name, description or capabilities contain, in any case. */
  query?: string;
  catalogId?: string;
  serverId?: string;
  /** Exact capability tag. */
  capability?: string;
  owner?: string;
  verdict?: VerdictStatus;
  health?: HealthState;
}

/**
 * A part of the tool list.
 *
 * @public
 */
export interface ToolPage {
  items: ToolSummary[];
  /** Number of tools that match the filter. */
  totalItems: number;
  /** Ask with this for the next part; absent on the last. */
  nextCursor?: string;
}
