import {
  Client,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { SafeWebFetch } from '@agentyard/safe-fetch';
import type { McpDialect, McpProbeResult } from './probeResult';
import type { ListPage } from './listTools';

/** An opened conversation in one of MCP's own dialects. */
export interface McpSession {
  about: Pick<
    McpProbeResult,
    'dialect' | 'serverInfo' | 'capabilities' | 'instructions'
  >;
  listPage: ListPage;
  /** Ends the server's session, if it gave one, and lets go of all streams. */
  close(): Promise<void>;
}

export interface McpSessionOptions {
  url: URL;
  fetch: SafeWebFetch;
  headers?: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Opens a session with the official client: `server/discover` first, `initialize` where that says nothing. The client
 * holds an answer to its discovery that it cannot read for a failure (HTTP 5xx, bodies that are no JSON-RPC); since
 * older servers answer strange methods like that, such a server is asked once more, by `initialize` alone.
 */
export async function openMcpSession(
  options: McpSessionOptions,
): Promise<McpSession> {
  try {
    return await connect(options, 'auto');
  } catch (error) {
    const unreadable =
      SdkError.isInstance(error) &&
      error.code === SdkErrorCode.EraNegotiationFailed;
    if (!unreadable) {
      throw error;
    }
    return connect(options, 'legacy');
  }
}

async function connect(
  { url, fetch, headers, timeoutMs, signal }: McpSessionOptions,
  mode: 'auto' | 'legacy',
): Promise<McpSession> {
  const client = new Client(
    { name: 'agentyard', version: '1' },
    { versionNegotiation: { mode } },
  );
  const transport = new StreamableHTTPClientTransport(url, {
    fetch,
    requestInit: { headers },
    // the safe client refuses redirects; a lost stream is no reason to come again
    redirectPolicy: 'follow',
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
    },
  });
  const request = { timeout: timeoutMs, signal };
  try {
    await client.connect(transport, request);
  } catch (error) {
    await client.close().catch(() => {});
    throw error;
  }

  return {
    about: {
      dialect: dialectOf(client, url),
      serverInfo: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions(),
    },
    async listPage(cursor) {
      const tap = tapResults(transport);
      try {
        await client.request(
          {
            method: 'tools/list',
            params: cursor === undefined ? {} : { cursor },
          },
          request,
        );
      } catch (error) {
        if (tap.result === undefined) {
          throw error;
        }
      } finally {
        tap.close();
      }
      return tap.result;
    },
    async close() {
      await transport.terminateSession().catch(() => {});
      await client.close().catch(() => {});
    },
  };
}

/**
 * Keeps the last JSON-RPC result that comes in, as sent. The client itself drops members that it does not know and
 * refuses a whole page for one bad tool; we show tools in full and judge them one by one.
 */
function tapResults(transport: StreamableHTTPClientTransport) {
  const { onmessage } = transport;
  const tap = {
    result: undefined as unknown,
    close() {
      transport.onmessage = onmessage;
    },
  };
  transport.onmessage = message => {
    if ('result' in message) {
      tap.result = message.result;
    }
    onmessage?.(message);
  };
  return tap;
}

function dialectOf(client: Client, url: URL): McpDialect {
  return {
    era: client.getProtocolEra() === 'modern' ? 'stateless' : 'session',
    protocolVersion: client.getNegotiatedProtocolVersion(),
    url: url.href,
  };
}
