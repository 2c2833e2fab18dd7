import { EatError, quoted } from './errors';
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

/** A registrable name: lower-case ASCII labels, at least two, the last with a letter first so that no IPv4 notation fits. */
const HOST =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Names that mean this machine or this network, whatever a name server says. */
const LOCAL_NAME = /\.(?:localhost|local|internal)$/;

const PATH_PART = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/;

/**
 * Reads a `did:web` DID (w3c-ccg did-method-web).
 *
 * - `strict`: a root domain with a dot, lower-case ASCII, no port, no percent-encoding; never an IP address.
 * - `eat-compat`: also ports and paths, if `allowListed` (the exact DID stands in the operator's policy).
 * - `allowLoopback` with `allowListed`: also `did:web:localhost` with or without a port, over http.
 *
 * @example
 * ```ts
 * parseDidWeb('did:web:tools.example.org').documentUrl; // https://tools.example.org/.well-known/did.json
 * ```
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
  const {
    profile = 'strict',
    allowListed = false,
    allowLoopback = false,
  } = options;
  const match =
    /^did:web:([^:%/?#@\\\s]+)(?:%3A([1-9][0-9]{0,4}))?((?::[^:]+)*)$/.exec(
      did,
    );
  if (!match) {
    throw invalid(did, 'it is no did:web with a plain host name');
  }
  const [, name, port, rest] = match;
  const parts = rest === '' ? [] : rest.slice(1).split(':');
  if (port && Number(port) > 65535) {
    throw invalid(did, 'its port is beyond 65535');
  }
  const host = port ? `${name}:${port}` : name;
  if (name === 'localhost') {
    if (!(allowLoopback && allowListed && parts.length === 0)) {
      throw invalid(
        did,
        'this machine is a publisher only in development, and only as configured (allowLoopback)',
      );
    }
    return {
      did,
      host,
      path: '/',
      documentUrl: `http://${host}/.well-known/did.json`,
    };
  }
  if (!HOST.test(name) || LOCAL_NAME.test(name)) {
    throw invalid(did, 'its host is no lower-case domain name with a dot');
  }
  if (port || parts.length > 0) {
    if (profile === 'strict') {
      throw invalid(did, 'the profile strict takes root domains without port');
    }
    if (!allowListed) {
      throw invalid(
        did,
        'a port or path is allowed only for a DID that the policy names',
      );
    }
  }
  if (!parts.every(part => PATH_PART.test(part))) {
    throw invalid(
      did,
      'its path has other characters than letters, digits and -._~',
    );
  }
  const path = parts.length > 0 ? `/${parts.join('/')}/` : '/';
  return {
    did,
    host,
    path,
    documentUrl: `https://${host}${
      parts.length > 0 ? path : '/.well-known/'
    }did.json`,
  };
}

function invalid(did: string, why: string): EatError {
  return new EatError(
    'DID_INVALID',
    `${quoted(did)} is refused as a publisher: ${why}.`,
  );
}

/**
 * The root `did:web` of a URL's host: `did:web:localhost%3A7007` for `http://localhost:7007/x`.
 *
 * @throws TypeError if it is no URL
 *
 * @public
 */
export function didWebOf(url: string | URL): string {
  return `did:web:${new URL(url).host.replace(':', '%3A')}`;
}
