import { probeMcpEndpoint } from '@agentyard/mcp-probe';
import { createSafeWebFetch } from '@agentyard/safe-fetch';
import type { Outcome } from '../outcome';

/** `agentyard mcp probe`: what an MCP endpoint is, and which tools it lists. */
export async function mcpProbe(
  url: string,
  options: { allowLoopback?: boolean },
): Promise<Outcome> {
  const probe = await probeMcpEndpoint({
    url,
    fetch: createSafeWebFetch({ allowLoopback: options.allowLoopback }),
  });
  const { status, reasons, dialect, serverInfo, tools, latencyMs } = probe;
  const asked = status !== 'unreachable';
  return {
    exitCode: status === 'healthy' ? 0 : ((asked ? 1 : 2) as 1 | 2),
    json: probe,
    text: [
      `${url} is ${status}`,
      ...reasons.map(({ code, message }) => `${code}: ${message}`),
      ...(serverInfo ? [`${serverInfo.name} ${serverInfo.version}`] : []),
      ...(dialect
        ? [
            `speaks ${dialect.era} ${dialect.protocolVersion ?? ''}`.trim(),
            `answers in ${Math.round(latencyMs ?? 0)} ms`,
          ]
        : []),
      ...(tools
        ? [`${tools.length} tools`, ...tools.map(({ name }) => `  ${name}`)]
        : []),
    ].join('\n'),
  };
}
