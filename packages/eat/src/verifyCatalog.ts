import type { DidResolver } from './didResolver';
import type { HighWaterMark, TrustPolicy } from './policy';
import type { CatalogVerdict } from './verdict';

/**
 * What was retrieved, or lies on disk.
 *
 * @public
 */
export interface CatalogSource {
  /** URL of the catalog, compared with `sub`. For files: what the catalog should have, or undefined to compare with nothing. */
  url?: string;
  /** The body: EAT JSON, or a compact JWS (carrier B). */
  catalog: Uint8Array;
  /** Value of the header `X-JWS-Signature`, or content of `api-catalog.jws`. */
  signatureHeader?: string;
  /** Body of `application/jose+json`, or content of `api-catalog.jws.json`. */
  sidecar?: Uint8Array;
}

/**
 * Input of {@link verifyCatalog}.
 *
 * @public
 */
export interface VerifyOptions {
  source: CatalogSource;
  policy: TrustPolicy;
  resolver: DidResolver;
  /** The clock of the whole verification. */
  now: Date;
  /** From the last verdict that was accepted. */
  highWaterMark?: HighWaterMark;
  signal?: AbortSignal;
}

/**
 * Verifies a catalog, in the order in which a stranger's document can be judged cheaply and safely. Never throws for what
 * the document, its keys or the network are like: that is the verdict.
 *
 * @public
 */
export async function verifyCatalog(
  options: VerifyOptions,
): Promise<CatalogVerdict> {
  throw new Error(String(options));
}
