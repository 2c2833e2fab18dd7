import { asObject } from './catalog';
import { EatError } from './errors';
import { MAX_JWS_BYTES, parseCompactJws, parseGeneralJws } from './jws';
import type { Jws } from './jws';
import type { Carrier, Profile } from './policy';
import { EAT_TYP, STRICT_TYP } from './statement';
import { MAX_CATALOG_BYTES, decodeUtf8, parseJson } from './strictJson';
import type { JsonObject } from './strictJson';
import type { CatalogSource } from './verifyCatalog';

/** The body of a catalog, read but not yet believed. */
export type CatalogBody =
  /** Carrier B: the catalog is in the token. */
  | { token: string }
  /** What it parsed to, or why it does not; that is for a later step to say. */
  | { tree: JsonObject }
  | { error: EatError };

/** Which signature is to be verified. */
export interface CarriedSignature {
  carrier: Carrier;
  /** Parses it; throws as {@link parseCompactJws}. */
  parse(): Jws;
}

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/;

/** Base64 makes four of three, and header and signature come on top. */
export const MAX_TOKEN_BYTES =
  Math.ceil((MAX_CATALOG_BYTES * 4) / 3) + MAX_JWS_BYTES;

/**
 * Reads a body as text.
 *
 * @throws EatError `BAD_ENCODING`, `TOO_LARGE`
 */
export function decodeBody(bytes: Uint8Array): string {
  if (bytes.length > MAX_TOKEN_BYTES) {
    throw new EatError('TOO_LARGE', 'The catalog is larger than 5 MiB.');
  }
  return decodeUtf8(bytes);
}

/**
 * Reads what a body is.
 *
 * @throws EatError `NOT_A_CATALOG` for a linkset, a bare statement or sidecar, or JSON that is no object
 */
export function readBody(text: string): CatalogBody {
  if (!text.startsWith('{') && COMPACT.test(text)) {
    return { token: text };
  }
  let tree;
  try {
    tree = asObject(parseJson(text));
  } catch (error) {
    if (error instanceof EatError) {
      return { error };
    }
    throw error;
  }
  if (!tree) {
    throw notACatalog('JSON, but no object');
  }
  if (Object.hasOwn(tree, 'linkset')) {
    throw notACatalog(
      'an RFC 9727 linkset. Ask for the EAT JSON with "Accept: application/json"',
    );
  }
  if (Object.hasOwn(tree, 'signatures') && Object.hasOwn(tree, 'payload')) {
    throw notACatalog('a signature (carrier S) without its catalog');
  }
  return { tree };
}

function notACatalog(what: string): EatError {
  return new EatError('NOT_A_CATALOG', `The body is ${what}.`);
}

/**
 * Chooses the signature by which the profile judges: in `strict` S, else A or C if their `typ` is the strict one; in `eat-compat` A, C or
 * D, else S. B where the policy asks for it.
 *
 * @throws EatError `UNSIGNED`, `CARRIER_NOT_ALLOWED`, `CARRIER_AMBIGUOUS`, and the body's error if nothing else can be said
 */
export function chooseSignature(
  source: Pick<CatalogSource, 'signatureHeader' | 'sidecar'>,
  body: CatalogBody,
  profile: Profile,
  allowCarrierB: boolean,
): CarriedSignature {
  const { sidecar } = source;
  if ('token' in body) {
    return chooseTokenBody(source, body.token, profile, allowCarrierB);
  }
  const inline = inlineTokens(source.signatureHeader, body);
  const [first] = inline;
  if (inline.some(({ token }) => token !== first.token)) {
    throw new EatError(
      'CARRIER_AMBIGUOUS',
      `The catalog carries different signatures (${inline
        .map(({ carrier }) => carrier)
        .join(', ')}). Publish one.`,
    );
  }
  const sidecarSignature: CarriedSignature | undefined = sidecar && {
    carrier: 'S',
    parse: () => parseGeneralJws(sidecar),
  };
  if (profile === 'eat-compat') {
    const chosen = first ? compactSignature(first) : sidecarSignature;
    if (chosen) {
      return chosen;
    }
  } else {
    if (sidecarSignature) {
      return sidecarSignature;
    }
    const allowed = inline.find(({ carrier }) => carrier !== 'D');
    if (allowed && !isForOldReaders(allowed.token)) {
      return compactSignature(allowed);
    }
    if (allowed) {
      throw new EatError(
        'UNSIGNED',
        `The only signature has the typ "JWS", which the profile strict does not count. Publish the sidecar (typ "${STRICT_TYP}"), or trust the publisher under eat-compat.`,
      );
    }
    if (first) {
      throw new EatError(
        'CARRIER_NOT_ALLOWED',
        `The signature stands in a root member (carrier D), which the profile strict does not take.`,
      );
    }
  }
  if ('error' in body) {
    throw body.error;
  }
  throw new EatError(
    'UNSIGNED',
    'The catalog is not signed. Ask its publisher to sign it.',
  );
}

function chooseTokenBody(
  source: Pick<CatalogSource, 'signatureHeader' | 'sidecar'>,
  token: string,
  profile: Profile,
  allowCarrierB: boolean,
): CarriedSignature {
  if (profile === 'strict' || !allowCarrierB) {
    throw new EatError(
      'CARRIER_NOT_ALLOWED',
      'The catalog comes inside of a token (carrier B), which says neither by whom nor until when. Ask for the EAT JSON, or allow carrier B for this publisher under eat-compat.',
    );
  }
  if (source.signatureHeader !== undefined || source.sidecar) {
    throw new EatError(
      'CARRIER_AMBIGUOUS',
      'The catalog comes inside of a token (carrier B) and with another signature. Publish one.',
    );
  }
  return {
    carrier: 'B',
    parse: () => parseCompactJws(token, { maxBytes: MAX_TOKEN_BYTES }),
  };
}

interface InlineToken {
  carrier: 'A' | 'C' | 'D';
  token: string;
}

function inlineTokens(
  header: string | undefined,
  body: CatalogBody,
): InlineToken[] {
  const found: InlineToken[] = [];
  if (header !== undefined) {
    found.push({ carrier: 'A', token: header });
  }
  if ('tree' in body) {
    const embedded = asObject(body.tree.metadata)?.signature;
    const embeddedJws = asObject(embedded)?.jws;
    if (embedded !== undefined) {
      // Anything but a token there is a broken signature, not the absence of one.
      found.push({
        carrier: 'C',
        token: typeof embeddedJws === 'string' ? embeddedJws : '',
      });
    }
    for (const name of ['jws', 'signature']) {
      const value = body.tree[name];
      if (value !== undefined) {
        found.push({
          carrier: 'D',
          token: typeof value === 'string' ? value : '',
        });
      }
    }
  }
  return found;
}

function compactSignature({ carrier, token }: InlineToken): CarriedSignature {
  return { carrier, parse: () => parseCompactJws(token) };
}

/** Whether a token says that it is for readers of EAT 1.0; one that cannot be read says nothing. */
function isForOldReaders(token: string): boolean {
  try {
    return parseCompactJws(token).signatures[0].header.typ === EAT_TYP;
  } catch {
    return false;
  }
}
