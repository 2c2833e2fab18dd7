import { SafeFetchError } from '@agentyard/safe-fetch';
import type { SafeFetch, SafeFetchResponse } from '@agentyard/safe-fetch';
import { MAX_DID_DOCUMENT_BYTES, readDidDocument } from './didDocument';
import type { DidDocument } from './didDocument';
import type { DidWeb } from './didWeb';
import { EatError } from './errors';
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
   * @throws EatError `DID_UNREACHABLE`, `DID_DEACTIVATED`, `SSRF_BLOCKED`, `REDIRECT_REFUSED`, and those of {@link readDidDocument}
   */
  resolve(
    did: DidWeb,
    options: { profile: Profile; refresh?: boolean; signal?: AbortSignal },
  ): Promise<DidDocument>;
}

const MAX_AGE_MS = 600_000;
const REFRESH_AFTER_MS = 30_000;
const MAX_CACHED = 1000;

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
  const { fetch, now = () => new Date() } = options;
  const cache = new Map<string, { document: DidDocument; at: number }>();

  return {
    async resolve(did, { profile, refresh, signal }) {
      const key = `${profile} ${did.documentUrl}`;
      const cached = cache.get(key);
      const age = cached ? now().getTime() - cached.at : Infinity;
      if (cached && age < (refresh ? REFRESH_AFTER_MS : MAX_AGE_MS)) {
        return cached.document;
      }
      const response = await get(fetch, did, signal);
      if (
        response.status === 410 ||
        (response.status === 404 && cached !== undefined)
      ) {
        throw new EatError(
          'DID_DEACTIVATED',
          `${did.documentUrl} is gone (${response.status}): the publisher ${did.did} is no more.`,
        );
      }
      if (response.status !== 200) {
        throw unreachable(did, `answers ${response.status}`);
      }
      const document = readDidDocument(response.body, {
        did: did.did,
        profile,
      });
      if (cache.size >= MAX_CACHED) {
        cache.delete(cache.keys().next().value!);
      }
      cache.delete(key);
      cache.set(key, { document, at: now().getTime() });
      return document;
    },
  };
}

async function get(
  fetch: SafeFetch,
  did: DidWeb,
  signal: AbortSignal | undefined,
): Promise<SafeFetchResponse> {
  try {
    return await fetch(did.documentUrl, {
      headers: { accept: 'application/did+json, application/json;q=0.9' },
      maxBytes: MAX_DID_DOCUMENT_BYTES,
      contentTypes: ['application/json', '+json'],
      signal,
    });
  } catch (error) {
    if (error instanceof SafeFetchError) {
      switch (error.code) {
        case 'TIMEOUT':
        case 'UNREACHABLE':
          throw unreachable(did, error.message, error);
        default:
          throw new EatError(error.code, error.message, { cause: error });
      }
    }
    throw error;
  }
}

function unreachable(did: DidWeb, why: string, cause?: unknown): EatError {
  return new EatError(
    'DID_UNREACHABLE',
    `The keys of ${did.did} cannot be read: ${did.documentUrl} ${why}. What was verified before stays until it expires.`,
    { cause },
  );
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
  return {
    async resolve({ did }, { profile }) {
      if (!Object.hasOwn(documents, did)) {
        throw new EatError(
          'DID_UNREACHABLE',
          `There is no DID document of ${did} at hand. Give its did.json.`,
        );
      }
      return readDidDocument(documents[did], { did, profile });
    },
  };
}
