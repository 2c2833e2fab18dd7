import { canonicalHash } from './canonicalJson';
import type { Sha256 } from './canonicalJson';
import type { JsonObject } from './strictJson';

/**
 * Digest of a tool's definition, for approval and drift: the whole entry over JCS (name, description, version, spec and its hash,
 * schemas, annotations, `x-mcp-tool` with `server_url`, every unknown member), since any of it may steer a model. Only `x-provenance`,
 * which a gateway adds and which changes with each verification, is left out. A change needs a fresh approval
 * (`DEFINITION_CHANGED`).
 *
 * @param entry - the tool's entry as in the catalog (`CatalogTool.entry`)
 *
 * @public
 */
export function toolDefinitionDigest(entry: JsonObject): Sha256 {
  const { 'x-provenance': _provenance, ...definition } = entry;
  return canonicalHash(definition);
}
