import type { ToolCatalog } from './catalog';
import type { Problem } from './errors';

/**
 * An OpenAPI document.
 *
 * @public
 */
export interface SpecFile {
  /** Relative, `/` between parts; decides YAML or JSON by `.yaml`, `.yml`, `.json`. */
  path: string;
  /** The octets as they will be served: `spec_hash` covers them raw. */
  content: Uint8Array | string;
}

/**
 * Input of {@link generateCatalog}.
 *
 * @public
 */
export interface GenerateOptions {
  specs: readonly SpecFile[];
  /** Where the specs are served; `spec_url` is this and the path. https, but on loopback http too. */
  specBaseUrl: string;
  /** RFC 3339 UTC, or a date. Left out if not given: the output depends on the input alone. */
  generatedAt?: string | Date;
  title?: string;
  description?: string;
  /** Default `agentyard/` and this package's version. */
  generator?: string;
  /** DID of the publisher. */
  publisher?: string;
}

/**
 * Output of {@link generateCatalog}.
 *
 * @public
 */
export interface GeneratedCatalog {
  catalog: ToolCatalog;
  /** To be published ({@link catalogBytes}). */
  bytes: Uint8Array;
  warnings: Problem[];
}

/**
 * Generates a catalog from OpenAPI 3.0 and 3.1 documents: each operation with `x-mcp-tool` is a tool. Same input, same bytes,
 * whatever the order of the specs. Whole or not at all.
 *
 * @throws EatError with all findings in `problems`: `SPEC_UNSAFE` (alias bomb, remote `$ref`, too deep), `SPEC_INVALID`,
 * `MISSING_REQUIRED_FIELD` (`server_url`), `INVALID_TYPE`, `INVALID_FORMAT` (name), `INVALID_URL`, `DUPLICATE_TOOL_NAME`,
 * `NAME_COLLISION` (query and body), and those of {@link parseJson}
 *
 * @public
 */
export function generateCatalog(options: GenerateOptions): GeneratedCatalog {
  throw new Error(String(options));
}
