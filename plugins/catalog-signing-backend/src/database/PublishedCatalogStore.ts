import { Knex } from 'knex';

/** The signed documents, as served. */
export interface SignedDocuments {
  /** The catalog in canonical form (RFC 8785). */
  catalog: string;
  /** The RFC 9727 linkset in canonical form. */
  linkset: string;
  /** Compact JWS over the statement, for EAT 1.0 readers (carrier A). */
  compact: string;
  /** General JWS over the same payload (carrier S), JSON. */
  general: string;
  /** DID document, JSON. */
  did: string;
  /** JWK set, JSON. */
  jwks: string;
}

/** A published catalog with the high-water mark of its statement. */
export interface PublishedCatalog {
  seq: number;
  /** `sha256:…` of the statement's octets; the next statement's `prev`. */
  payloadHash: string;
  /** `sha256:…` over all publications; tells whether anything is new. */
  contentHash: string;
  /** Seconds since the epoch. */
  iat: number;
  /** Seconds since the epoch. */
  exp: number;
  documents: SignedDocuments;
}

/** What each publisher serves: one row, exchanged whole. */
export class PublishedCatalogStore {
  constructor(private readonly knex: Knex) {}

  async get(publisherId: string): Promise<PublishedCatalog | undefined> {
    const row = await this.knex('published_catalogs')
      .where({ publisher_id: publisherId })
      .first();
    if (!row) return undefined;
    return {
      seq: Number(row.seq),
      payloadHash: row.payload_hash,
      contentHash: row.content_hash,
      iat: Number(row.iat),
      exp: Number(row.exp),
      documents: JSON.parse(row.documents),
    };
  }

  /** `seq` of what is published, without its documents; cheap enough to ask often. */
  async seq(publisherId: string): Promise<number | undefined> {
    const row = await this.knex('published_catalogs')
      .where({ publisher_id: publisherId })
      .first('seq');
    return row && Number(row.seq);
  }

  /**
   * Puts the successor of statement `seq - 1` in its place.
   *
   * @returns false when another replica was faster; nothing is changed then
   */
  async exchange(publisherId: string, next: PublishedCatalog) {
    const row = {
      seq: next.seq,
      payload_hash: next.payloadHash,
      content_hash: next.contentHash,
      iat: next.iat,
      exp: next.exp,
      documents: JSON.stringify(next.documents),
    };
    if (next.seq === 1) {
      const present = await this.seq(publisherId);
      if (present !== undefined) return false;
      await this.knex('published_catalogs').insert({
        publisher_id: publisherId,
        ...row,
      });
      return true;
    }
    const updated = await this.knex('published_catalogs')
      .where({ publisher_id: publisherId, seq: next.seq - 1 })
      .update(row);
    return updated === 1;
  }
}
