import type { ObservedFetch } from './observedFetch';
import type { McpHealth, McpProbeReason } from './probeResult';
import { briefly } from './sdkDialect';

/** What the health endpoint said, and whether that is held against the server. */
export async function askHealth(options: {
  url: URL;
  healthUrl: string | undefined;
  observed: ObservedFetch;
}): Promise<{ health?: McpHealth; reason?: McpProbeReason }> {
  const { url, healthUrl, observed } = options;
  const address = healthUrl ?? new URL('/health', url).href;
  try {
    const response = await observed.fetch(address, {
      headers: { accept: 'application/json' },
    });
    await response.body?.cancel();
    const { ok, status: httpStatus } = response;
    // Nobody promised the default address.
    if (!healthUrl && [404, 405, 501].includes(httpStatus)) return {};
    return {
      health: { url: address, ok, httpStatus },
      reason: ok
        ? undefined
        : {
            code: 'HEALTH_FAILED',
            message: `${address} answers ${httpStatus}.`,
          },
    };
  } catch (error) {
    return {
      health: { url: address, ok: false },
      reason: {
        code: 'HEALTH_FAILED',
        message: `${address} does not answer: ${briefly(error)}`,
      },
    };
  }
}
