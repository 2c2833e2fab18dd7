import type { SafeWebFetch } from '@agentyard/safe-fetch';
import type { ListPage } from './listTools';

/**
 * `tools/list` without any handshake, as the EAT protocol has it: one JSON-RPC POST. Its servers answer with MCP's
 * result, with it under `output`, or with the bare array.
 */
export function eatListPage(
  url: URL,
  options: {
    fetch: SafeWebFetch;
    headers?: Record<string, string>;
    signal: AbortSignal;
  },
): ListPage {
  return async cursor => {
    const response = await options.fetch(url, {
      method: 'POST',
      headers: {
        ...options.headers,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: cursor === undefined ? {} : { cursor },
      }),
      signal: options.signal,
    });
    const message = (await response.json()) as { result?: unknown };
    const result = message?.result;
    if (Array.isArray(result)) {
      return { tools: result };
    }
    const output = (result as { output?: unknown } | undefined)?.output;
    if (Array.isArray(output)) {
      return { tools: output };
    }
    return output ?? result;
  };
}

/** Where EAT servers answer: at the URL given; some, dropping its path, at `<origin>/mcp` alone. */
export function eatUrls(url: URL): URL[] {
  const fallback = new URL('/mcp', url);
  return fallback.href === url.href ? [url] : [url, fallback];
}
