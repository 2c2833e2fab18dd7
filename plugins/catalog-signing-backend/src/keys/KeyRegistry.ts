import { Knex } from 'knex';
import {
  jwkThumbprint,
  type Alg,
  type KeyVersion,
  type PublishedKey,
  type Signer,
  type SigningKey,
} from '@agentyard/eat';
import { PublisherConfig } from '../config';
import { KeyStateStore, RegisteredKey } from '../database/KeyStateStore';
import { LogStore } from '../database/LogStore';
import { SigningUnavailableError } from '../errors';

/** Signature algorithms of each publisher: ES256 for consumers of today, RS256 for readers of EAT 1.0. */
export const PUBLISHER_ALGS: readonly Alg[] = ['ES256', 'RS256'];

/** Knows of each key of a publisher how far it is in its life; the private parts are at the signer. */
export class KeyRegistry {
  readonly #knex: Knex;
  readonly #publisher: PublisherConfig;

  constructor(knex: Knex, publisher: PublisherConfig) {
    this.#knex = knex;
    this.#publisher = publisher;
  }

  list(): Promise<RegisteredKey[]> {
    return new KeyStateStore(this.#knex).list(this.#publisher.id);
  }

  /**
   * Takes up the keys that the signer has. For each algorithm one is active, the others stand by, published. Where the
   * active key is gone from the signer, a standby takes its place.
   *
   * @returns the keys that are new
   * @throws SigningUnavailableError `NO_KEY` when the signer has no key for an algorithm
   */
  async adopt(signer: Signer, now: Date): Promise<RegisteredKey[]> {
    const versions = (await signer.listVersions()).filter(
      version => version.state === 'enabled',
    );
    const { id, did } = this.#publisher;
    const kidOf = (version: KeyVersion) =>
      `${did}#${jwkThumbprint(version.jwk)}`;
    const usable = new Set(versions.map(kidOf));

    return this.#knex.transaction(async tx => {
      const states = new KeyStateStore(tx);
      const log = new LogStore(tx);
      const known = await states.list(id);
      const added: RegisteredKey[] = [];

      const record = (key: RegisteredKey) =>
        log.append(id, {
          at: now.toISOString(),
          kind: 'key',
          body: {
            kid: key.kid,
            alg: key.alg,
            provider: key.provider,
            state: key.state,
          },
        });

      for (const alg of PUBLISHER_ALGS) {
        for (const key of known) {
          if (key.alg !== alg || key.state !== 'active') continue;
          if (usable.has(key.kid)) continue;
          // Stays in the DID document: what it signed is valid until it expires.
          key.state = 'retiring';
          await states.setState(id, key.kid, key.state);
          await record(key);
        }
        for (const version of versions) {
          const kid = kidOf(version);
          if (version.alg !== alg || known.some(key => key.kid === kid)) {
            continue;
          }
          const key: RegisteredKey = {
            kid,
            provider: signer.provider,
            ref: version.ref,
            alg,
            jwk: version.jwk,
            state: 'published',
            createdAt: version.createdAt,
          };
          await states.add(id, key);
          await record(key);
          known.push(key);
          added.push(key);
        }
        const own = known.filter(key => key.alg === alg);
        if (own.some(key => key.state === 'active')) continue;
        const standby = own.find(
          key => key.state === 'published' && usable.has(key.kid),
        );
        if (!standby) {
          throw new SigningUnavailableError(
            'NO_KEY',
            `The signer "${signer.provider}" has no ${alg} key for the publisher "${id}"`,
          );
        }
        standby.state = 'active';
        await states.setState(id, standby.kid, standby.state);
        await record(standby);
      }
      return added;
    });
  }

  /** The active keys, ready to sign. */
  async signingKeys(signer: Signer): Promise<SigningKey[]> {
    const keys = await this.list();
    return PUBLISHER_ALGS.map(alg => {
      const key = keys.find(k => k.alg === alg && k.state === 'active');
      if (!key) {
        throw new SigningUnavailableError(
          'NO_KEY',
          `The publisher "${this.#publisher.id}" has no active ${alg} key`,
        );
      }
      return { signer, ref: key.ref, alg, jwk: key.jwk };
    });
  }

  /** The keys for the DID document: all that sign, will sign or have signed something still valid. */
  async publishedKeys(): Promise<PublishedKey[]> {
    const keys = await this.list();
    return keys
      .filter(key => ['published', 'active', 'retiring'].includes(key.state))
      .map(key => ({ jwk: key.jwk }));
  }
}
