/**
 * Where a publisher's catalog stands.
 *
 * - `published`: a valid statement is being served
 * - `refused`: the last attempt was refused; the statement before it, if still valid, is served on
 * - `expired`: no valid statement is left, so nothing is served (HTTP 503)
 * - `unpublished`: nothing has been published yet
 *
 * @public
 */
export type PublisherStatus =
  | 'published'
  | 'refused'
  | 'expired'
  | 'unpublished';

/**
 * Life of a signing key. A `published` key is in the DID document but does not sign yet; there is always one such
 * standby, so that a rotation finds consumers prepared.
 *
 * @public
 */
export type SigningKeyState =
  | 'created'
  | 'published'
  | 'active'
  | 'retiring'
  | 'retired'
  | 'revoked';

/**
 * The public part of a signing key.
 *
 * @public
 */
export interface SigningKey {
  /** DID and RFC 7638 thumbprint: `did:web:tools.example.org#7PwFaUnr…`. */
  kid: string;
  /** JOSE algorithm name, such as `RS256` or `ES256`. */
  alg: string;
  /** Provider that holds the private part, such as `file`. */
  provider: string;
  state: SigningKeyState;
  /** RFC 3339. */
  createdAt: string;
}

/**
 * What a signed statement says about a catalog; see RFC 7519 for the registered claims.
 *
 * @public
 */
export interface CatalogStatement {
  /** Grows by one with each statement of a publisher, starting at 1. */
  seq: number;
  /** Seconds since the epoch. */
  iat: number;
  /** Seconds since the epoch; never served at or after this moment. */
  exp: number;
  /** `sha256:` and 64 lower-case hex digits over the catalog's canonical form (RFC 8785). */
  catalogHash: string;
  /** `kid` of the first signature, the one that EAT 1.0 readers check. */
  kid: string;
  /** Number of tools in the catalog. */
  tools: number;
}

/**
 * One OpenAPI document of a publication.
 *
 * @public
 */
export interface SpecFile {
  /** Relative path with forward slashes, such as `orders/openapi.yaml`. */
  path: string;
  /** The document's text. It is published byte for byte (UTF-8). */
  content: string;
}

/**
 * A named set of OpenAPI documents that a publisher vouches for.
 *
 * @public
 */
export interface Publication {
  /** Lower-case name, unique for the publisher. */
  name: string;
  /** `api`: put by a client of this API; `source`: delivered by a module on the extension point. */
  origin: 'api' | 'source';
  /** Public address, size in bytes and hash of each document. */
  specs: { path: string; url: string; bytes: number; hash: string }[];
  /** Names of the tools that its documents declare. */
  tools: string[];
  /** RFC 3339. */
  updatedAt: string;
}

/**
 * A refusal in words that tell the reader what to do.
 *
 * @public
 */
export interface PublishProblem {
  /** Stable code, such as `NAME_COLLISION` or `INVALID_URL`. */
  code: string;
  message: string;
  /** Where: a JSON pointer, or publication and path of a document. */
  pointer?: string;
}

/**
 * A publisher: an identity (DID) for which this portal signs one tool catalog.
 *
 * @public
 */
export interface Publisher {
  id: string;
  /** `did:web:…`, the issuer of its statements. */
  did: string;
  title: string;
  /** Origin below which its documents are served. */
  baseUrl: string;
  /** Address of the catalog, the `sub` of its statements. */
  catalogUrl: string;
  /** Answer to clients that ask for no particular representation. */
  defaultRepresentation: 'linkset' | 'eat';
  status: PublisherStatus;
  /** Why the last attempt was refused; empty otherwise. */
  problems: PublishProblem[];
  /** The statement being served, if any. */
  statement?: CatalogStatement;
}

/**
 * A publisher with its keys and publications.
 *
 * @public
 */
export interface PublisherDetail extends Publisher {
  keys: SigningKey[];
  publications: Publication[];
}

/**
 * Outcome of putting a publication.
 *
 * @public
 */
export interface PutPublicationResult {
  publication: Publication;
  statement: CatalogStatement;
  catalogUrl: string;
  /** False when the content was there already, so that nothing was signed anew. */
  changed: boolean;
}

/**
 * Outcome of deleting a publication.
 *
 * @public
 */
export interface DeletePublicationResult {
  statement: CatalogStatement;
  catalogUrl: string;
}

/**
 * One entry of the publisher's append-only log. Each entry contains the hash of the one before it.
 *
 * @public
 */
export interface LogEntry {
  /** Starts at 1, without gaps. */
  index: number;
  /** RFC 3339. */
  at: string;
  kind: 'key' | 'statement';
  /** Facts of the event; no secrets. */
  body: Record<string, string | number | boolean>;
  /** `hash` of the entry before; absent at the first. */
  prev?: string;
  /** `sha256:` over the canonical form (RFC 8785) of all other members and the publisher's id. */
  hash: string;
}
