import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ALGS } from './algorithms';
import type { Alg } from './algorithms';
import { EatError } from './errors';
import { readJwk } from './jwk';
import type { PublicJwk } from './jwk';
import { NODE_PARAMETERS } from './signature';
import type { Signer } from './signer';

/**
 * A private key in this process. `alg` is `RS256` for RSA unless told.
 *
 * @public
 */
export interface PrivateKey {
  keyObject: KeyObject;
  alg: Alg;
  jwk: PublicJwk;
  /** RFC 7638 thumbprint; the key's `ref` in {@link keySigner}. */
  thumbprint: string;
}

/**
 * Reads a private key from PEM: PKCS#8, PKCS#1 or SEC1, encrypted or not.
 *
 * @throws EatError `KEY_UNREADABLE` (not PEM, wrong passphrase), `KEY_UNSUPPORTED` (kind or curve), `BAD_ALG`, `WEAK_KEY`
 *
 * @public
 */
export function readPrivateKey(
  pem: string | Uint8Array,
  options: { passphrase?: string; alg?: Alg } = {},
): PrivateKey {
  let keyObject: KeyObject;
  try {
    keyObject = createPrivateKey({
      key: typeof pem === 'string' ? pem : Buffer.from(pem),
      format: 'pem',
      passphrase: options.passphrase,
    });
  } catch {
    // The cause may quote the input: it is not passed on.
    throw new EatError(
      'KEY_UNREADABLE',
      'The private key cannot be read. Give a PEM file in PKCS#8, PKCS#1 or SEC1 form and, if it is encrypted, its passphrase.',
    );
  }
  return privateKeyOf(keyObject, options.alg);
}

function privateKeyOf(keyObject: KeyObject, alg?: Alg): PrivateKey {
  let jwk;
  try {
    jwk = createPublicKey(keyObject).export({ format: 'jwk' });
  } catch {
    throw new EatError(
      'KEY_UNSUPPORTED',
      `A key of kind ${keyObject.asymmetricKeyType} cannot sign catalogs. Use RSA, P-256 or Ed25519.`,
    );
  }
  const key = readJwk(alg ? { ...jwk, alg } : jwk);
  return {
    keyObject,
    alg: key.alg,
    jwk: key.jwk,
    thumbprint: key.thumbprint,
  };
}

const signOffThread = promisify(sign);

/**
 * A {@link Signer} over private keys that this process holds, for the command line and providers that decrypt keys into memory.
 *
 * @public
 */
export function keySigner(keys: readonly PrivateKey[]): Signer {
  const createdAt = new Date().toISOString();
  return {
    provider: 'file',
    capabilities: () => ({
      algs: ALGS,
      prehash: false,
      canRotate: false,
      exportable: false,
    }),
    listVersions: async () =>
      keys.map(({ thumbprint: ref, alg, jwk }) => ({
        ref,
        alg,
        jwk,
        createdAt,
        state: 'enabled',
      })),
    async sign(ref, alg, signingInput, { signal }) {
      signal?.throwIfAborted();
      const key = keys.find(one => one.thumbprint === ref && one.alg === alg);
      if (!key) {
        throw new EatError(
          'KEY_NOT_FOUND',
          `There is no ${alg} key with thumbprint ${ref}.`,
        );
      }
      const { digest, options } = NODE_PARAMETERS[alg];
      return signOffThread(digest, signingInput, {
        key: key.keyObject,
        ...options,
      });
    },
    health: async () => ({ status: 'ok' }),
  };
}
