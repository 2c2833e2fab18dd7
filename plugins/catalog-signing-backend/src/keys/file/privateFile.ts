import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { assertError } from '@backstage/errors';
import { KeyStoreError } from '../../errors';

const MAX_BYTES = 4 * 1024 * 1024;

function refuseIfShared(file: string, mode: number) {
  // Windows has no such bits; there the folder's access list decides.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new KeyStoreError(
    'KEYSTORE_PERMISSIONS',
    `${file} can be read by other users (mode ${(mode & 0o777).toString(
      8,
    )}). If nobody has read it, run: chmod go-rwx "${file}". Otherwise remove it and let new keys be made.`,
  );
}

/** Makes a folder that only we can enter, or refuses one that others can. */
export async function ensurePrivateDirectory(directory: string) {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  refuseIfShared(directory, (await fs.stat(directory)).mode);
}

/**
 * Reads a file that only we can read.
 *
 * @returns `undefined` when there is none
 * @throws KeyStoreError `KEYSTORE_PERMISSIONS` when others can read it, `KEYSTORE_CORRUPT` when it is too large
 */
export async function readPrivateFile(
  file: string,
): Promise<Buffer | undefined> {
  const handle = await fs.open(file, 'r').catch(error => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    // Looks at the open file, so that it cannot be exchanged between the look and the read.
    const { mode, size } = await handle.stat();
    refuseIfShared(file, mode);
    if (size > MAX_BYTES) {
      throw new KeyStoreError(
        'KEYSTORE_CORRUPT',
        `${file} is larger than any key file (${size} bytes). Restore it from a backup.`,
      );
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Writes a file whole or not at all (temporary file, fsync, rename), readable by us alone. */
export async function writePrivateFile(file: string, content: string | Buffer) {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await fs.open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await fs.rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await fs.rename(temporary, file);
  const directory = await fs.open(path.dirname(file), 'r').catch(() => null);
  // The name must survive a power cut too; not every system lets a folder be synced.
  await directory?.sync().catch(() => {});
  await directory?.close();
}

/** Runs `fn` while no other process that asks the same way works on `file`. */
export async function withFileLock<T>(
  file: string,
  fn: () => Promise<T>,
): Promise<T> {
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(file, {
      realpath: false,
      stale: 20_000,
      retries: { retries: 60, minTimeout: 50, maxTimeout: 500 },
    });
  } catch (error) {
    assertError(error);
    throw new KeyStoreError(
      'KEYSTORE_LOCKED',
      `${file} is in use by another process (${error.message}). Stop it, or wait until it has finished.`,
    );
  }
  try {
    return await fn();
  } finally {
    await release();
  }
}
