import type { Problem } from './errors';
import type { PublicJwk, VerificationKey } from './jwk';
import type { Profile } from './policy';
import type { JsonObject } from './strictJson';

/**
 * A key to publish.
 *
 * @public
 */
export interface PublishedKey {
  jwk: PublicJwk;
  /** Whether it may sign catalogs (`assertionMethod`). Default true; false for a revoked key. */
  assertion?: boolean;
  /** RFC 3339; from here on unusable. */
  expires?: string;
  /** RFC 3339. */
  revoked?: string;
}

/**
 * The DID document of a publisher: `JsonWebKey2020` methods, `kid` = DID and thumbprint, service `#catalog` of type `EATCatalog`.
 *
 * @public
 */
export function didDocument(options: {
  did: string;
  keys: readonly PublishedKey[];
  catalogUrl: string;
}): JsonObject {
  throw new Error(String(options));
}

/**
 * The keys as a JSON Web Key Set, for `/.well-known/jwks.json`; `kid` is the thumbprint's fragment with its DID.
 *
 * @public
 */
export function jwks(options: {
  did: string;
  keys: readonly PublishedKey[];
}): JsonObject {
  throw new Error(String(options));
}

/**
 * A DID document that passed all checks.
 *
 * @public
 */
export interface DidDocument {
  did: string;
  warnings: Problem[];
  /**
   * The key of a `kid`, if it may sign catalogs at that time.
   *
   * @throws EatError `KEY_NOT_FOUND`, `KEY_NOT_AUTHORIZED`, `KEY_REVOKED`, `KEY_EXPIRED`, `KEY_UNSUPPORTED`
   */
  assertionKey(kid: string, at: Date): VerificationKey;
}

/**
 * Reads a DID document and the keys in it; one bad key refuses the whole document.
 *
 * @throws EatError `DID_INVALID`, `DID_ID_MISMATCH`, `KEY_AMBIGUOUS`, `WEAK_KEY`, `BAD_ALG`, `KEY_UNREADABLE`, and those of `parseJson`
 *
 * @public
 */
export function readDidDocument(
  input: Uint8Array | string,
  options: { did: string; profile?: Profile },
): DidDocument {
  throw new Error(String([input, options]));
}
