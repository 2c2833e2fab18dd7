import type { SafeFetch } from '@agentyard/safe-fetch';
import type { DidResolver } from './didResolver';
import type { HighWaterMark, TrustPolicy } from './policy';
import type { CatalogVerdict } from './verdict';

/**
 * Input of {@link fetchAndVerifyCatalog}.
 *
 * @public
 */
export interface FetchAndVerifyOptions {
  url: string;
  policy: TrustPolicy;
  /** From `createSafeFetch`. */
  fetch: SafeFetch;
  /** Keep one for long. Default: a fresh one over `fetch`. */
  resolver?: DidResolver;
  /** Default: the present. */
  now?: Date;
  highWaterMark?: HighWaterMark;
  /** Whether the specs are fetched and compared with their hashes. Default true. */
  checkSpecs?: boolean;
  signal?: AbortSignal;
}

/**
 * Retrieves a catalog with its signatures and verifies it. In `strict` it asks for the sidecar S first, then for the EAT JSON; a
 * mismatch between the two is retried once, since the publisher may just be publishing.
 *
 * Never throws for what the document, its keys or the network are like: that is the verdict.
 *
 * @public
 */
export async function fetchAndVerifyCatalog(
  options: FetchAndVerifyOptions,
): Promise<CatalogVerdict> {
  throw new Error(String(options));
}
