import type { Profile } from './policy';

/**
 * A `did:web` and where its document is.
 *
 * @public
 */
export interface DidWeb {
  did: string;
  /** URL of the document. */
  documentUrl: string;
  /** Host and, where there is one, port of the publisher: `tools.example.org`, `localhost:7007`. */
  host: string;
  /** Path below which a path DID may sign, say `/a/b/`; `/` for a root DID. */
  path: string;
}

/**
 * Reads a `did:web` DID. `strict`: a root domain with a dot, lower-case ASCII, no port, no percent-encoding; never an IP address.
 * `eat-compat`: also ports and paths, if `allowListed` (the exact DID stands in the operator's policy).
 * `allowLoopback` with `allowListed`: also `did:web:localhost` with or without a port, over http.
 *
 * @throws EatError `DID_INVALID`
 *
 * @public
 */
export function parseDidWeb(
  did: string,
  options: {
    profile?: Profile;
    allowListed?: boolean;
    allowLoopback?: boolean;
  } = {},
): DidWeb {
  throw new Error(String([did, options]));
}

/**
 * The root `did:web` of a URL's host: `did:web:localhost%3A7007` for `http://localhost:7007/x`.
 *
 * @public
 */
export function didWebOf(url: string | URL): string {
  throw new Error(String(url));
}
