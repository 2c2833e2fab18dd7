import { SafeFetchError } from '@agentyard/safe-fetch';
import type { SafeWebFetch } from '@agentyard/safe-fetch';
import { eatListPage, eatUrls } from './eatDialect';
import { askHealth } from './health';
import { listTools } from './listTools';
import type {
  McpProbeOptions,
  McpProbeReason,
  McpProbeResult,
  McpProbeStatus,
} from './probeResult';
import { openMcpSession } from './session';

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
  if (!URL.canParse(options.url)) {
    return failed(options.url, 'refused', {
      code: 'INVALID_URL',
      message: 'The endpoint is not an absolute URL. Give one with https.',
    });
  }
  const url = new URL(options.url);
  const timeoutMs = options.timeoutMs ?? 15_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal
    ? AbortSignal.any([options.signal, deadline])
    : deadline;
  const wire = observe(options.fetch);
  const ask = { ...options, url, fetch: wire.fetch, timeoutMs, signal };

  const [endpoint, health] = await Promise.all([
    askEndpoint(ask).catch(() =>
      failed(options.url, ...explain(wire.trouble, signal, timeoutMs)),
    ),
    askHealth(url, { ...options, signal }),
  ]);
  return withHealth(endpoint, health);
}

type Ask = Omit<McpProbeOptions, 'url'> & {
  url: URL;
  timeoutMs: number;
  signal: AbortSignal;
};

async function askEndpoint(ask: Ask): Promise<McpProbeResult> {
  const start = performance.now();
  let session;
  try {
    session = await openMcpSession(ask);
  } catch (error) {
    return askEat(ask, start);
  }
  const latencyMs = Math.round(performance.now() - start);
  const about = { url: ask.url.href, latencyMs, ...session.about };
  try {
    if (!session.about.capabilities?.tools) {
      return { ...about, status: 'healthy', reasons: [], tools: [] };
    }
    return { ...about, ...judged(await listTools(session.listPage)) };
  } catch (error) {
    return {
      ...about,
      status: 'degraded',
      reasons: [
        {
          code: 'TOOLS_LIST_FAILED',
          message: `tools/list failed (${messageOf(
            error,
          )}). See the server's log.`,
        },
      ],
    };
  } finally {
    await session.close();
  }
}

async function askEat(ask: Ask, start: number): Promise<McpProbeResult> {
  for (const url of eatUrls(ask.url)) {
    try {
      const list = await listTools(eatListPage(url, ask));
      return {
        url: ask.url.href,
        ...judged(list),
        dialect: { era: 'eat', url: url.href },
        latencyMs: Math.round(performance.now() - start),
      };
    } catch (error) {
      if (error instanceof SafeFetchError || ask.signal.aborted) {
        throw error;
      }
    }
  }
  throw new Error('The endpoint speaks no dialect that we know.');
}

function judged(list: Awaited<ReturnType<typeof listTools>>) {
  const status: McpProbeStatus =
    list.reasons.length > 0 ? 'degraded' : 'healthy';
  return { ...list, status };
}

/** What the wire said while dialects were tried: the cause behind a failure that the client wraps in its own errors. */
interface Trouble {
  error?: SafeFetchError;
  unauthorized?: number;
}

function observe(fetch: SafeWebFetch): {
  fetch: SafeWebFetch;
  trouble: Trouble;
} {
  const trouble: Trouble = {};
  return {
    trouble,
    async fetch(url, init) {
      try {
        const response = await fetch(url, init);
        if (response.status === 401 || response.status === 403) {
          trouble.unauthorized ??= response.status;
        }
        return response;
      } catch (error) {
        if (error instanceof SafeFetchError) {
          trouble.error ??= error;
        }
        throw error;
      }
    },
  };
}

/** Codes that say that an address may not be asked, in contrast to one that did not answer. */
const refusals = [
  'INVALID_URL',
  'INSECURE_URL',
  'SSRF_BLOCKED',
  'REDIRECT_REFUSED',
];

function explain(
  { error, unauthorized }: Trouble,
  signal: AbortSignal,
  timeoutMs: number,
): [McpProbeStatus, McpProbeReason] {
  if (unauthorized) {
    return [
      'unauthorized',
      {
        code: 'UNAUTHORIZED',
        message: `The endpoint answers with HTTP ${unauthorized}. Give credentials in the headers.`,
      },
    ];
  }
  if (error) {
    const { code, message } = error;
    return [
      refusals.includes(code) ? 'refused' : 'unreachable',
      { code, message },
    ];
  }
  if (signal.aborted) {
    return [
      'unreachable',
      {
        code: 'TIMEOUT',
        message: `The probe did not finish within ${timeoutMs} ms. Try again later, or allow more time.`,
      },
    ];
  }
  return [
    'incompatible',
    {
      code: 'NOT_MCP',
      message:
        'The endpoint answers, but in no dialect of MCP or EAT. Check the URL, its path included.',
    },
  ];
}

function failed(
  url: string,
  status: McpProbeStatus,
  reason: McpProbeReason,
): McpProbeResult {
  return { url, status, reasons: [reason] };
}

function withHealth(
  result: McpProbeResult,
  health: McpProbeResult['health'],
): McpProbeResult {
  if (!health || health.ok) {
    return { ...result, health };
  }
  const reason: McpProbeReason = {
    code: 'HEALTH_FAILED',
    message: `${health.url} ${
      health.httpStatus
        ? `answers with HTTP ${health.httpStatus}`
        : 'does not answer'
    }. See the server's log.`,
  };
  return {
    ...result,
    health,
    status: result.status === 'healthy' ? 'degraded' : result.status,
    reasons: [...result.reasons, reason],
  };
}

/** The first line of an error's message, short enough to show. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0].slice(0, 200);
}
