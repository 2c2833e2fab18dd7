import { createHash } from 'node:crypto';
import { PublishedCatalog } from '../database/PublishedCatalogStore';
import { StoredPublication } from '../database/PublicationStore';

/** One document, ready to be sent. */
export interface ServedDocument {
  body: Buffer;
  contentType: string;
  /** Strong (RFC 9110 section 8.8.3). */
  etag: string;
  /** Value of `X-JWS-Signature`. */
  signature?: string;
}

/** All that a publisher serves, from one statement; exchanged in one step. */
export interface ServedDocuments {
  seq: number;
  /** Seconds since the epoch; nothing of the catalog is served from then on. */
  exp: number;
  /** The catalog, as EAT JSON. */
  eat: ServedDocument;
  linkset: ServedDocument;
  /** The statement as compact JWS (carrier A). */
  compact: ServedDocument;
  /** The statement as general JWS (carrier S). */
  general: ServedDocument;
  did: ServedDocument;
  jwks: ServedDocument;
  /** By `<publication>/<path>`. */
  specs: ReadonlyMap<string, ServedDocument>;
}

/** `application/linkset+json` with the profile of RFC 9727. */
export const LINKSET_TYPE =
  'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"';

function document(
  text: string,
  contentType: string,
  signature?: string,
): ServedDocument {
  const body = Buffer.from(text, 'utf8');
  // The signature is part of the representation: it changes while the body stays.
  const digest = createHash('sha256')
    .update(body)
    .update(signature ?? '')
    .digest('base64url');
  return { body, contentType, etag: `"${digest}"`, signature };
}

/** Renders what is to be served, once a statement. */
export function renderDocuments(
  published: PublishedCatalog,
  publications: StoredPublication[],
): ServedDocuments {
  const { documents } = published;
  return {
    seq: published.seq,
    exp: published.exp,
    eat: document(documents.catalog, 'application/json', documents.compact),
    linkset: document(documents.linkset, LINKSET_TYPE),
    compact: document(documents.compact, 'application/jose'),
    general: document(documents.general, 'application/jose+json'),
    did: document(documents.did, 'application/did+json'),
    jwks: document(documents.jwks, 'application/jwk-set+json'),
    specs: new Map(
      publications.flatMap(publication =>
        publication.specs.map(({ path, content }) => [
          `${publication.name}/${path}`,
          document(
            content,
            path.endsWith('.json') ? 'application/json' : 'application/yaml',
          ),
        ]),
      ),
    ),
  };
}
