import type { CatalogTool } from './catalog';
import type { Problem } from './errors';
import type { Profile } from './policy';
import type { JsonValue } from './strictJson';
import type { RejectedTool } from './verdict';

/**
 * By which rules {@link validateCatalog} judges.
 *
 * @public
 */
export interface ValidationOptions {
  /** Default `strict`: `spec_hash` is required, dialects are errors. `eat-compat`: dialects are read, with a warning each. */
  profile?: Profile;
  /** http on loopback hosts is let pass. Default false. */
  allowLoopback?: boolean;
  /** Demanded `metadata.publisher`, where the catalog has one. */
  publisher?: string;
}

/**
 * All findings about a catalog.
 *
 * @public
 */
export interface CatalogValidation {
  /** No root error and no tool error. */
  valid: boolean;
  /** Errors that reject the catalog. */
  rootErrors: Problem[];
  /** Tools with errors; the others may be used. */
  rejectedTools: RejectedTool[];
  warnings: Problem[];
  /** The tools without errors; empty if there is a root error. */
  tools: CatalogTool[];
}

/**
 * Judges a catalog by EAT's schema; reports all errors, each with code and JSON Pointer. A root error rejects the catalog, a tool
 * error only that tool.
 *
 * @param catalog - parsed by {@link parseJson}
 *
 * @public
 */
export function validateCatalog(
  catalog: JsonValue,
  options: ValidationOptions = {},
): CatalogValidation {
  throw new Error(String([catalog, options]));
}
