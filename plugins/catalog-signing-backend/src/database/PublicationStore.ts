import { Knex } from 'knex';
import { SpecFile } from '@agentyard/plugin-catalog-signing-common';

/** A publication with its documents. */
export interface StoredPublication {
  name: string;
  origin: 'api' | 'source';
  /** `sha256:…` over the names and contents of the documents. */
  contentHash: string;
  /** Names of its tools. */
  tools: string[];
  /** RFC 3339. */
  updatedAt: string;
  specs: SpecFile[];
}

/** Publications and their documents. */
export class PublicationStore {
  constructor(private readonly knex: Knex) {}

  /** By name. */
  async list(publisherId: string): Promise<StoredPublication[]> {
    const rows = await this.knex('publications')
      .where({ publisher_id: publisherId })
      .orderBy('name');
    const specs = await this.knex('publication_specs')
      .where({ publisher_id: publisherId })
      .orderBy(['publication', 'path']);
    return rows.map(row => ({
      name: row.name,
      origin: row.origin,
      contentHash: row.content_hash,
      tools: JSON.parse(row.tools),
      updatedAt: row.updated_at,
      specs: specs
        .filter(spec => spec.publication === row.name)
        .map(({ path, content }) => ({ path, content })),
    }));
  }

  /** Replaces the publication and all its documents. */
  async put(publisherId: string, publication: StoredPublication) {
    await this.delete(publisherId, publication.name);
    await this.knex('publications').insert({
      publisher_id: publisherId,
      name: publication.name,
      origin: publication.origin,
      content_hash: publication.contentHash,
      tools: JSON.stringify(publication.tools),
      updated_at: publication.updatedAt,
    });
    // One by one: SQLite bounds the number of values in a statement.
    for (const { path, content } of publication.specs) {
      await this.knex('publication_specs').insert({
        publisher_id: publisherId,
        publication: publication.name,
        path,
        content,
      });
    }
  }

  async delete(publisherId: string, name: string) {
    await this.knex('publication_specs')
      .where({ publisher_id: publisherId, publication: name })
      .delete();
    await this.knex('publications')
      .where({ publisher_id: publisherId, name })
      .delete();
  }
}
