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
 * `signature`).
 *
 * @public
 */
export function withoutSignatures(catalog: JsonObject): JsonObject {
  throw new Error(String(catalog));
}

/**
 * The statement's `catalog_hash`.
 *
 * @public
 */
export function catalogHash(catalog: ToolCatalog | JsonObject): Sha256 {
  throw new Error(String(catalog));
}

/**
 * The octets to publish: the canonical form, so that their plain SHA-256 is the `catalog_hash`.
 *
 * @public
 */
export function catalogBytes(catalog: ToolCatalog | JsonObject): Uint8Array {
  throw new Error(String(catalog));
}

/**
 * Digest of what was approved of a tool: name, description, version, hash of its spec, schemas, annotations and its whole
 * `x-mcp-tool` with `server_url`. A change means that the tool needs a fresh approval (`DEFINITION_CHANGED`).
 *
 * @param entry - the tool's entry as in the catalog (`CatalogTool.entry`)
 *
 * @public
 */
export function toolDefinitionDigest(entry: JsonObject): Sha256 {
  throw new Error(String(entry));
}
