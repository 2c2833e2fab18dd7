import { askByEat } from './eatDialect';
import { askHealth } from './health';
import { observeFetch, type ObservedFetch } from './observedFetch';
import type { McpProbeOptions, McpProbeResult } from './probeResult';
import { askBySdk } from './sdkDialect';

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
  const { headers = {}, timeoutMs = 15_000, healthUrl, signal } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const observed = observeFetch(
    options.fetch,
    signal ? AbortSignal.any([signal, deadline]) : deadline,
  );

  let url: URL;
  try {
    url = new URL(options.url);
  } catch {
    return {
      url: options.url,
      status: 'refused',
      reasons: [{ code: 'INVALID_URL', message: 'This is no absolute URL.' }],
    };
  }

  const bySdk = await askBySdk({ url, observed, headers, timeoutMs });
  // An endpoint that was never reached, or wants credentials, would not answer another dialect either.
  const found =
    bySdk ??
    (explainSilence(observed)
      ? undefined
      : await askByEat({ url, observed, headers }));
  signal?.throwIfAborted();
  if (!found) {
    return {
      url: options.url,
      ...(explainSilence(observed) ?? {
        status: 'incompatible',
        reasons: [
          {
            code: 'NOT_MCP',
            message: `${url.href} answers, but neither MCP nor the EAT dialect. Is the path right?`,
          },
        ],
      }),
    };
  }

  const { health, reason } = await askHealth({ url, healthUrl, observed });
  const reasons = reason ? [...found.reasons, reason] : found.reasons;
  return {
    ...found,
    url: options.url,
    status: reasons.length > 0 ? 'degraded' : 'healthy',
    reasons,
    health,
  };
}

/** Codes of addresses that may not be asked, in contrast to those that did not answer. */
const forbidden: ReadonlySet<string> = new Set([
  'INVALID_URL',
  'INSECURE_URL',
  'SSRF_BLOCKED',
  'REDIRECT_REFUSED',
]);

/** Why an endpoint could not be spoken to, where that is not for want of a common dialect. */
function explainSilence(
  observed: ObservedFetch,
): Pick<McpProbeResult, 'status' | 'reasons'> | undefined {
  if (observed.statuses.some(status => status === 401 || status === 403)) {
    return {
      status: 'unauthorized',
      reasons: [
        {
          code: 'UNAUTHORIZED',
          message: 'The server is there, and wants credentials.',
        },
      ],
    };
  }
  const failure = observed.lastFailure();
  if (!failure && observed.statuses.length === 0) {
    return {
      status: 'unreachable',
      reasons: [{ code: 'TIMEOUT', message: 'No answer before the deadline.' }],
    };
  }
  if (!failure) return undefined;
  return {
    status: forbidden.has(failure.code) ? 'refused' : 'unreachable',
    reasons: [{ code: failure.code, message: failure.message }],
  };
}
