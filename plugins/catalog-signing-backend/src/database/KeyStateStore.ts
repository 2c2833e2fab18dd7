import { Knex } from 'knex';
import type { Alg, PublicJwk } from '@agentyard/eat';
import { SigningKeyState } from '@agentyard/plugin-catalog-signing-common';

/** A key as registered: where its private part is, and how far it is in its life. */
export interface RegisteredKey {
  kid: string;
  provider: string;
  /** Name of the key at its provider. */
  ref: string;
  alg: Alg;
  /** Public JWK. */
  jwk: PublicJwk;
  state: SigningKeyState;
  /** RFC 3339. */
  createdAt: string;
}

/** The state of each publisher's keys. */
export class KeyStateStore {
  constructor(private readonly knex: Knex) {}

  /** Oldest first. */
  async list(publisherId: string): Promise<RegisteredKey[]> {
    const rows = await this.knex('signing_keys')
      .where({ publisher_id: publisherId })
      .orderBy(['created_at', 'kid']);
    return rows.map(row => ({
      kid: row.kid,
      provider: row.provider,
      ref: row.ref,
      alg: row.alg,
      jwk: JSON.parse(row.jwk),
      state: row.state,
      createdAt: row.created_at,
    }));
  }

  async add(publisherId: string, key: RegisteredKey) {
    await this.knex('signing_keys').insert({
      publisher_id: publisherId,
      kid: key.kid,
      provider: key.provider,
      ref: key.ref,
      alg: key.alg,
      jwk: JSON.stringify(key.jwk),
      state: key.state,
      created_at: key.createdAt,
    });
  }

  async setState(publisherId: string, kid: string, state: SigningKeyState) {
    await this.knex('signing_keys')
      .where({ publisher_id: publisherId, kid })
      .update({ state });
  }
}
