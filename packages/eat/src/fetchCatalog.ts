import { SafeFetchError } from '@agentyard/safe-fetch';
import type { SafeFetch, SafeFetchResponse } from '@agentyard/safe-fetch';
import { MAX_TOKEN_BYTES } from './carrier';
import { createDidResolver } from './didResolver';
import type { DidResolver } from './didResolver';
import { EatError } from './errors';
import { MAX_JWS_BYTES } from './jws';
import type { HighWaterMark, TrustPolicy } from './policy';
import { checkSpecs } from './specs';
import { MAX_CATALOG_BYTES } from './strictJson';
import type { CatalogVerdict } from './verdict';
import { Verification } from './verifyCatalog';
import type { CatalogSource } from './verifyCatalog';

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

/** What may be right a moment later, if the publisher is just publishing. */
const RETRIED_CODES = ['HASH_MISMATCH', 'SPEC_HASH_MISMATCH'];

/**
 * Retrieves a catalog with its signatures and verifies it. In `strict` it asks for the sidecar S first, then for the EAT JSON; a
 * mismatch between them, or with the specs, is retried once, since the publisher may just be publishing.
 *
 * A spec that differs from its hash rejects its tools alone; one that cannot be read only warns.
 *
 * Never throws for what the document, its keys or the network are like: that is the verdict.
 *
 * @throws TypeError if `url` is no URL
 *
 * @public
 */
export async function fetchAndVerifyCatalog(
  options: FetchAndVerifyOptions,
): Promise<CatalogVerdict> {
  const url = new URL(options.url).href;
  const settings = {
    ...options,
    url,
    now: options.now ?? new Date(),
    resolver: options.resolver ?? createDidResolver({ fetch: options.fetch }),
  };
  const verdict = await attempt(settings);
  const mismatch =
    verdict.reasons.some(({ code }) => RETRIED_CODES.includes(code)) ||
    verdict.rejectedTools.some(({ problems }) =>
      problems.some(({ code }) => RETRIED_CODES.includes(code)),
    );
  return mismatch ? attempt(settings) : verdict;
}

type Settings = FetchAndVerifyOptions & { now: Date; resolver: DidResolver };

function attempt(settings: Settings): Promise<CatalogVerdict> {
  const { url, policy, resolver, now, highWaterMark, signal } = settings;
  const verification = new Verification({
    source: { url },
    policy,
    resolver,
    now,
    highWaterMark,
    signal,
  });
  return verification.run(async () => {
    await verification.checkPolicy();
    const source = await verification.step(
      'fetch',
      () => retrieve(settings),
      ({ catalog, sidecar }) =>
        `${catalog.length} bytes${sidecar ? ', with sidecar' : ''}`,
    );
    await verification.judge(source);
    if (settings.checkSpecs ?? true) {
      await verification.step('specs', () =>
        checkSpecs(verification.verdict, settings),
      );
    }
  });
}

/** Gets the catalog, and in `strict` the sidecar before it. */
async function retrieve(settings: Settings): Promise<CatalogSource> {
  const { url, policy } = settings;
  const sidecar =
    policy.profile === 'strict' ? await retrieveSidecar(settings) : undefined;
  const response = await get(settings, {
    accept:
      policy.profile === 'eat-compat' && policy.allowCarrierB
        ? 'application/json, application/jose;q=0.5, application/jwt;q=0.5'
        : 'application/json',
    maxBytes: policy.allowCarrierB ? MAX_TOKEN_BYTES : MAX_CATALOG_BYTES,
  });
  if (response.status !== 200) {
    throw new EatError(
      'HTTP_STATUS',
      `${url} answers ${response.status}. ${
        response.status === 401 || response.status === 403
          ? 'A catalog must be readable without credentials.'
          : 'Check the URL, and whether the publisher is up.'
      }`,
    );
  }
  const signatureHeader = response.headers.get('x-jws-signature') ?? undefined;
  return {
    url,
    catalog: response.body,
    ...(signatureHeader === undefined ? {} : { signatureHeader }),
    ...(sidecar && { sidecar }),
  };
}

/** The sidecar; undefined if the publisher has none and answers with something else. */
async function retrieveSidecar(
  settings: Settings,
): Promise<Uint8Array | undefined> {
  const response = await get(settings, {
    accept: 'application/jose+json',
    // A publisher without sidecar answers with the catalog.
    maxBytes: MAX_CATALOG_BYTES,
  });
  const type = response.headers.get('content-type')?.split(';')[0].trim();
  if (
    response.status !== 200 ||
    type?.toLowerCase() !== 'application/jose+json'
  ) {
    return undefined;
  }
  if (response.body.length > MAX_JWS_BYTES) {
    throw new EatError(
      'TOO_LARGE',
      `The sidecar has more than ${MAX_JWS_BYTES} bytes.`,
    );
  }
  return response.body;
}

async function get(
  { fetch, url, signal }: Settings,
  { accept, maxBytes }: { accept: string; maxBytes: number },
): Promise<SafeFetchResponse> {
  try {
    return await fetch(url, { headers: { accept }, maxBytes, signal });
  } catch (cause) {
    if (cause instanceof SafeFetchError) {
      throw new EatError(cause.code, cause.message, { cause });
    }
    throw cause;
  }
}
