import type { SafeFetch } from '@agentyard/safe-fetch';
import type { DidDocument } from './didDocument';
import type { DidWeb } from './didWeb';
import type { Profile } from './policy';

/**
 * Finds DID documents. Keep one for long: it caches and limits refreshes.
 *
 * @public
 */
export interface DidResolver {
  /**
   * The document of a DID, at most 600 s old. With `refresh`, asked for anew, but at most once in 30 s.
   *
   * @throws EatError `DID_UNREACHABLE`, `DID_DEACTIVATED`, `SSRF_BLOCKED`, `REDIRECT_REFUSED`, and those of `readDidDocument`
   */
  resolve(
    did: DidWeb,
    options: { profile: Profile; refresh?: boolean; signal?: AbortSignal },
  ): Promise<DidDocument>;
}

/**
 * A resolver over HTTP.
 *
 * @param options - `fetch`: from `createSafeFetch`; `now`: clock of the cache
 *
 * @public
 */
export function createDidResolver(options: {
  fetch: SafeFetch;
  now?: () => Date;
}): DidResolver {
  throw new Error(String(options));
}

/**
 * A resolver that knows the given documents only: for catalogs on disk.
 *
 * @param documents - did.json by DID
 *
 * @public
 */
export function staticDidResolver(
  documents: Record<string, Uint8Array | string>,
): DidResolver {
  throw new Error(String(documents));
}
