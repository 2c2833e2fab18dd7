import type { SafeWebFetch } from '@agentyard/safe-fetch';
import type { McpHealth } from './probeResult';

/**
 * Asks the health endpoint: the one given, else `<origin>/health`, of which absence says nothing. Only the status
 * counts, no header of the caller's is sent and no body read.
 */
export async function askHealth(
  url: URL,
  options: { healthUrl?: string; fetch: SafeWebFetch; signal: AbortSignal },
): Promise<McpHealth | undefined> {
  const health = options.healthUrl ?? new URL('/health', url).href;
  try {
    const response = await options.fetch(health, { signal: options.signal });
    await response.body?.cancel();
    const absent = [404, 405, 501].includes(response.status);
    if (absent && !options.healthUrl) {
      return undefined;
    }
    return { url: health, ok: response.ok, httpStatus: response.status };
  } catch {
    return options.healthUrl ? { url: health, ok: false } : undefined;
  }
}
