import type { JsonObject } from '@backstage/types';

/** Capability tags of a catalog's tool (`x-mcp-tool.capabilities`). */
export function capabilitiesOf(definition: JsonObject): string[] {
  const extension = definition['x-mcp-tool'] as JsonObject | undefined;
  const capabilities = extension?.capabilities;
  return Array.isArray(capabilities)
    ? capabilities.filter((value): value is string => typeof value === 'string')
    : [];
}
