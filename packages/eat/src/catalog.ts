import { canonicalHash, canonicalize } from './canonicalJson';
import type { Sha256 } from './canonicalJson';
import type { JsonObject, JsonValue } from './strictJson';

/**
 * The `x-mcp-tool` member of a tool: where and how it is called.
 *
 * @public
 */
export interface McpToolExtension {
  /** MCP endpoint. */
  server_url: string;
  /** Default `POST`. */
  method?: 'GET' | 'POST';
  /** Overrides the OpenAPI path. */
  path?: string;
  /** Tags that are matched exactly. */
  capabilities?: string[];
  examples?: ToolExample[];
}

/**
 * One worked example of a tool.
 *
 * @public
 */
export interface ToolExample {
  description?: string;
  input?: JsonObject;
  output?: JsonObject;
}

/**
 * One tool as it stands in a catalog (EAT PROTOCOL.md 1.0). Unknown members are legal and kept.
 *
 * @public
 */
export interface CatalogEntry {
  /** `^[a-zA-Z0-9_-]+$`, unique in the catalog. */
  name: string;
  /** May be empty. */
  description: string;
  /** `x.y.z` without suffix. */
  version?: string;
  spec_url: string;
  /** Over the raw bytes of the spec as served. */
  spec_hash?: Sha256;
  'x-mcp-tool': McpToolExtension;
}

/**
 * A tool catalog as served at `/.well-known/api-catalog` with type `application/json`.
 *
 * @public
 */
export interface ToolCatalog {
  version: '1.0';
  metadata?: {
    title?: string;
    description?: string;
    /** RFC 3339. */
    generated_at?: string;
    generator?: string;
    /** DID of the publisher. */
    publisher?: string;
  };
  tools: CatalogEntry[];
}

/**
 * A tool in the form in which consumers use it: named as the house names things, defaults filled in.
 *
 * @public
 */
export interface CatalogTool {
  name: string;
  description: string;
  version?: string;
  specUrl: string;
  specHash?: Sha256;
  /** MCP endpoint; its path is never dropped. */
  serverUrl: string;
  method: 'GET' | 'POST';
  path?: string;
  capabilities: string[];
  examples: ToolExample[];
  /** Place in the catalog: `/tools/0`. */
  pointer: string;
  /** The tool's whole entry with all unknown members, as verified. */
  entry: JsonObject;
}

/** A value as an object, or undefined. */
export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : undefined;
}

/**
 * The catalog's hash input: the tree without the members that carry signatures (`metadata.signature`, root `jws`, root
 * `signature`). All else stays, also an emptied `metadata`.
 *
 * @public
 */
export function withoutSignatures(catalog: JsonObject): JsonObject {
  const { jws: _jws, signature: _signature, ...rest } = catalog;
  const metadata = asObject(rest.metadata);
  if (metadata && Object.hasOwn(metadata, 'signature')) {
    const { signature: _inner, ...kept } = metadata;
    rest.metadata = kept;
  }
  return rest;
}

/**
 * The statement's `catalog_hash`: SHA-256 over the JCS form of the hash input ({@link withoutSignatures}).
 *
 * @throws EatError as {@link canonicalize}
 *
 * @public
 */
export function catalogHash(catalog: ToolCatalog | JsonObject): Sha256 {
  return canonicalHash(withoutSignatures(catalog as JsonObject));
}

/**
 * The octets to publish: the canonical form, so that their plain SHA-256 is the `catalog_hash` (for a catalog without
 * signatures inside).
 *
 * @throws EatError as {@link canonicalize}
 *
 * @public
 */
export function catalogBytes(catalog: ToolCatalog | JsonObject): Uint8Array {
  return new TextEncoder().encode(canonicalize(catalog as JsonObject));
}
