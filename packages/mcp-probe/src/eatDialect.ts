import type { ObservedFetch } from './observedFetch';
import type { SdkFindings } from './sdkDialect';
import { collectTools } from './toolList';

/**
 * Speaks the handshake-free JSON-RPC of the EAT protocol: one POST of `tools/list`, at the URL itself and then at
 * `<origin>/mcp`.
 *
 * @returns undefined when neither address understands
 */
export async function askByEat(options: {
  url: URL;
  observed: ObservedFetch;
  headers: Record<string, string>;
}): Promise<SdkFindings | undefined> {
  const { url, observed, headers } = options;
  const addresses = [...new Set([url.href, new URL('/mcp', url).href])];
  for (const address of addresses) {
    const started = performance.now();
    let latencyMs: number | undefined;
    try {
      const { tools, reasons } = await collectTools(async cursor => {
        const response = await observed.fetch(address, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            ...headers,
          },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/list',
            params: cursor ? { cursor } : {},
          }),
        });
        const answer = await response.json();
        latencyMs ??= performance.now() - started;
        if (!response.ok || !Array.isArray(answer?.result?.tools)) {
          throw new Error('not a tool list');
        }
        return answer.result;
      });
      return {
        dialect: { era: 'eat', url: address },
        tools,
        latencyMs,
        reasons,
      };
    } catch {
      // Not this address; perhaps the next one.
    }
  }
  return undefined;
}
