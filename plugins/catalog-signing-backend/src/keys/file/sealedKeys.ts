import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  KeyObject,
  randomBytes,
  scrypt,
} from 'node:crypto';
import { z } from 'zod';
import { KeyStoreError } from '../../errors';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** How the key-encryption key is made of the secret: by scrypt (RFC 7914), or the secret is the key. */
const kdfSchema = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('scrypt'),
    // Bounded, so that a forged file cannot make us spend gigabytes.
    N: z.literal(2 ** 17),
    r: z.literal(8),
    p: z.literal(1),
    salt: base64url.length(43),
  }),
  z.object({ name: z.literal('raw') }),
]);

const sealedKeySchema = z.object({
  kid: z.string().max(1024),
  alg: z.enum(['RS256', 'PS256', 'ES256', 'Ed25519']),
  version: z.int().min(1),
  createdAt: z.iso.datetime(),
  jwk: z.record(z.string(), z.string()),
  iv: base64url.length(16),
  tag: base64url.length(22),
  ciphertext: base64url,
});

/** One private key (PKCS#8 DER), sealed with AES-256-GCM; `kid`, `alg` and `version` are authenticated with it. */
export type SealedKey = z.infer<typeof sealedKeySchema>;

/** Content of a publisher's key file. */
export const keyFileSchema = z.object({
  format: z.literal('agentyard-keys/1'),
  kdf: kdfSchema,
  keys: z.array(sealedKeySchema).max(1000),
});

/** Content of a publisher's key file. */
export type KeyFile = z.infer<typeof keyFileSchema>;

/** What opens the key files: a passphrase, or 32 random bytes. */
export type KeyStoreSecret = { passphrase: string } | { raw: Buffer };

/** Chooses the derivation for a new key file. */
export function newKdf(secret: KeyStoreSecret): KeyFile['kdf'] {
  if ('raw' in secret) return { name: 'raw' };
  const salt = randomBytes(32).toString('base64url');
  return { name: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt };
}

/**
 * Makes the key-encryption key, off the main thread.
 *
 * @throws KeyStoreError `KEYSTORE_WRONG_SECRET` when the file was sealed with the other kind of secret
 */
export async function deriveKey(
  secret: KeyStoreSecret,
  kdf: KeyFile['kdf'],
): Promise<Buffer> {
  if (kdf.name === 'raw' && 'raw' in secret) return secret.raw;
  if (kdf.name === 'scrypt' && 'passphrase' in secret) {
    const { N, r, p } = kdf;
    const salt = Buffer.from(kdf.salt, 'base64url');
    return new Promise((resolve, reject) =>
      scrypt(
        secret.passphrase,
        salt,
        32,
        { N, r, p, maxmem: 256 * N * r },
        (error, key) => (error ? reject(error) : resolve(key)),
      ),
    );
  }
  throw new KeyStoreError(
    'KEYSTORE_WRONG_SECRET',
    kdf.name === 'raw'
      ? 'The key file was made with a key from agentyard.signing.keyStore.secretFile, but agentyard.signing.keyStore.secret is set. Restore the former, or remove the key file to begin with new keys.'
      : 'The key file was made with agentyard.signing.keyStore.secret, which is not set. Set it to the same value as before.',
  );
}

function additionalData(key: Pick<SealedKey, 'kid' | 'alg' | 'version'>) {
  const { kid, alg, version } = key;
  return Buffer.from(JSON.stringify({ alg, kid, version }), 'utf8');
}

/** Seals a private key. */
export function seal(
  key: KeyObject,
  kek: Buffer,
  facts: Pick<SealedKey, 'kid' | 'alg' | 'version' | 'createdAt' | 'jwk'>,
): SealedKey {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', kek, iv);
  cipher.setAAD(additionalData(facts));
  const plain = key.export({ format: 'der', type: 'pkcs8' });
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  plain.fill(0);
  return {
    ...facts,
    iv: iv.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    ciphertext: ciphertext.toString('base64url'),
  };
}

/**
 * Opens a sealed key.
 *
 * @throws KeyStoreError `KEYSTORE_WRONG_SECRET` when the secret is another one or the entry was altered
 */
export function unseal(key: SealedKey, kek: Buffer): KeyObject {
  const decipher = createDecipheriv(
    'aes-256-gcm',
    kek,
    Buffer.from(key.iv, 'base64url'),
    { authTagLength: 16 },
  );
  decipher.setAAD(additionalData(key));
  decipher.setAuthTag(Buffer.from(key.tag, 'base64url'));
  let plain: Buffer;
  try {
    plain = Buffer.concat([
      decipher.update(Buffer.from(key.ciphertext, 'base64url')),
      decipher.final(),
    ]);
  } catch {
    throw new KeyStoreError(
      'KEYSTORE_WRONG_SECRET',
      `The key ${key.kid} cannot be decrypted: the secret is not the one it was made with, or the file was altered. Restore the secret, or restore the file from a backup.`,
    );
  }
  const opened = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
  plain.fill(0);
  return opened;
}
