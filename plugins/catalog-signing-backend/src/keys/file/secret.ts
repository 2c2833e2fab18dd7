import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { KeyStoreError } from '../../errors';
import { readPrivateFile, withFileLock, writePrivateFile } from './privateFile';
import { KeyStoreSecret } from './sealedKeys';

/** Shorter passphrases can be guessed, scrypt or not. */
export const MIN_SECRET_LENGTH = 16;

/**
 * Reads the file of 32 random bytes that encrypts the keys.
 *
 * @param options.create - Makes the file when it is missing: a convenience of development. It lies on the same disk
 *   as the keys, so it protects backups and copies of the key folder, not the machine.
 * @throws KeyStoreError `KEYSTORE_NO_SECRET`, `KEYSTORE_PERMISSIONS` or `KEYSTORE_CORRUPT`
 */
export async function readSecretFile(
  file: string,
  options: { create: boolean },
): Promise<KeyStoreSecret> {
  let raw = await readPrivateFile(file);
  if (!raw) {
    if (!options.create) {
      throw new KeyStoreError(
        'KEYSTORE_NO_SECRET',
        `${file} does not exist, and production makes none. Set agentyard.signing.keyStore.secret, or write 32 random bytes into the file: openssl rand -out "${file}" 32 && chmod 600 "${file}"`,
      );
    }
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    raw = await withFileLock(file, async () => {
      const present = await readPrivateFile(file);
      if (present) return present;
      const made = randomBytes(32);
      await writePrivateFile(file, made);
      return made;
    });
  }
  if (raw.length !== 32) {
    throw new KeyStoreError(
      'KEYSTORE_CORRUPT',
      `${file} has ${raw.length} bytes instead of 32. Restore it; the keys cannot be read without it.`,
    );
  }
  return { raw };
}
