import type { ObservedFetch } from './observedFetch';
import type { McpProbeReason, McpProbeResult } from './probeResult';
import { collectTools } from './toolList';

/** What the official SDK learned of an endpoint. */
export type SdkFindings = Pick<
  McpProbeResult,
  | 'dialect'
  | 'serverInfo'
  | 'capabilities'
  | 'instructions'
  | 'tools'
  | 'latencyMs'
> & { reasons: McpProbeReason[] };

/**
 * Speaks MCP by the official SDK: `server/discover` of 2026-07-28 first, else the `initialize` handshake of the earlier
 * revisions.
 *
 * @returns undefined when the endpoint speaks neither
 */
export async function askBySdk(options: {
  url: URL;
  observed: ObservedFetch;
  headers: Record<string, string>;
  timeoutMs: number;
}): Promise<SdkFindings | undefined> {
  const { url, observed, headers, timeoutMs } = options;
  // Loaded on first use: a portal that starts should not wait for it.
  const sdk: typeof import('@modelcontextprotocol/client') =
    // eslint-disable-next-line global-require
    require('@modelcontextprotocol/client');
  const client = new sdk.Client(
    { name: 'agentyard-probe', version: '1.0.0' },
    {
      capabilities: {},
      versionNegotiation: { mode: 'auto', probe: { timeoutMs } },
    },
  );
  const transport = new sdk.StreamableHTTPClientTransport(url, {
    fetch: observed.fetch,
    requestInit: { headers },
  });
  const started = performance.now();
  try {
    await client.connect(transport, { timeout: timeoutMs });
  } catch {
    await client.close().catch(() => undefined);
    return undefined;
  }
  const latencyMs = performance.now() - started;

  const modern = client.getProtocolEra() === 'modern';
  const findings: SdkFindings = {
    dialect: {
      era: modern ? 'stateless' : 'session',
      protocolVersion: client.getNegotiatedProtocolVersion(),
      url: url.href,
    },
    serverInfo: client.getServerVersion() as McpProbeResult['serverInfo'],
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    latencyMs,
    reasons: [],
  };
  try {
    if (findings.capabilities?.tools) {
      const { tools, reasons } = await collectTools(cursor =>
        client.request(
          { method: 'tools/list', params: cursor ? { cursor } : {} },
          { timeout: timeoutMs },
        ),
      );
      findings.tools = tools;
      findings.reasons.push(...reasons);
    } else {
      findings.tools = [];
    }
  } catch (error) {
    findings.reasons.push({
      code: 'TOOLS_LIST_FAILED',
      message: `tools/list failed: ${briefly(error)}`,
    });
  } finally {
    // Ends the session that the handshake opened; a server may say that it does not do that.
    if (!modern) await transport.terminateSession().catch(() => undefined);
    await client.close().catch(() => undefined);
  }
  return findings;
}

/** An error's words, short enough to show; they may come from the server. */
export function briefly(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 300);
}
