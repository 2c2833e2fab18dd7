import path from 'node:path';
import {
  keySigner,
  type Alg,
  type KeyVersion,
  type PrivateKey,
  type PublicJwk,
  type Signer,
  type SignerCapabilities,
  type SignerHealth,
} from '@agentyard/eat';
import { KeyStoreError } from '../../errors';
import { generateKey } from './generateKey';
import {
  ensurePrivateDirectory,
  readPrivateFile,
  withFileLock,
  writePrivateFile,
} from './privateFile';
import {
  deriveKey,
  KeyFile,
  keyFileSchema,
  KeyStoreSecret,
  newKdf,
  seal,
  unseal,
} from './sealedKeys';

/** A version and a standby of each algorithm. */
const VERSIONS_PER_ALG = 2;

/**
 * Keys of one publisher in an encrypted file (AES-256-GCM, `<publisher id>.keys.json`), the embedded default.
 * The private keys are decrypted once and stay in this process; nothing hands them out.
 */
export class FileSigner implements Signer {
  readonly provider = 'file';
  readonly #keys: Signer;
  readonly #versions: KeyVersion[];

  private constructor(keys: readonly PrivateKey[], versions: KeyVersion[]) {
    this.#keys = keySigner(keys);
    this.#versions = versions;
  }

  /**
   * Opens a publisher's key file; makes it, or missing keys in it, first.
   *
   * @throws KeyStoreError `KEYSTORE_PERMISSIONS`, `KEYSTORE_CORRUPT`, `KEYSTORE_WRONG_SECRET`, `KEYSTORE_LOCKED`
   */
  static async open(options: {
    directory: string;
    secret: KeyStoreSecret;
    publisher: { id: string; did: string; algs: readonly Alg[] };
  }): Promise<FileSigner> {
    const { directory, secret, publisher } = options;
    await ensurePrivateDirectory(directory);
    const file = path.join(directory, `${publisher.id}.keys.json`);

    let content = await readKeyFile(file);
    let kek: Buffer | undefined;
    if (!content || missing(content, publisher.algs).length > 0) {
      await withFileLock(file, async () => {
        content = (await readKeyFile(file)) ?? {
          format: 'agentyard-keys/1',
          kdf: newKdf(secret),
          keys: [],
        };
        kek = await deriveKey(secret, content.kdf);
        // A key under another secret would lock the old ones out: check before adding.
        for (const key of content.keys) unseal(key, kek);
        for (const alg of missing(content, publisher.algs)) {
          const { privateKey, jwk, thumbprint } = await generateKey(alg);
          const version =
            Math.max(0, ...content.keys.map(key => key.version)) + 1;
          content.keys.push(
            seal(privateKey, kek, {
              kid: `${publisher.did}#${thumbprint}`,
              alg,
              version,
              createdAt: new Date().toISOString(),
              jwk,
            }),
          );
        }
        await writePrivateFile(file, `${JSON.stringify(content, null, 2)}\n`);
      });
    }
    const { kdf, keys } = content!;
    kek ??= await deriveKey(secret, kdf);
    const own = keys.filter(key => key.kid.startsWith(`${publisher.did}#`));
    return new FileSigner(
      own.map(key => ({
        keyObject: unseal(key, kek!),
        alg: key.alg,
        jwk: key.jwk as PublicJwk,
        thumbprint: key.kid.slice(publisher.did.length + 1),
      })),
      own.map(key => ({
        ref: key.kid.slice(publisher.did.length + 1),
        alg: key.alg,
        jwk: key.jwk as PublicJwk,
        createdAt: key.createdAt,
        state: 'enabled',
      })),
    );

    function missing(present: KeyFile, algs: readonly Alg[]): Alg[] {
      return algs.flatMap(alg => {
        const count = present.keys.filter(
          key => key.alg === alg && key.kid.startsWith(`${publisher.did}#`),
        ).length;
        return Array(Math.max(0, VERSIONS_PER_ALG - count)).fill(alg);
      });
    }
  }

  capabilities(): SignerCapabilities {
    return this.#keys.capabilities();
  }

  async listVersions(): Promise<KeyVersion[]> {
    return this.#versions.map(version => ({ ...version }));
  }

  async sign(
    ref: string,
    alg: Alg,
    signingInput: Uint8Array,
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array> {
    return this.#keys.sign(ref, alg, signingInput, options);
  }

  async health(): Promise<SignerHealth> {
    return this.#keys.health();
  }
}

async function readKeyFile(file: string): Promise<KeyFile | undefined> {
  const bytes = await readPrivateFile(file);
  if (!bytes) return undefined;
  try {
    return keyFileSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new KeyStoreError(
      'KEYSTORE_CORRUPT',
      `${file} is no key file of this version. Restore it from a backup; without it, its keys are lost and new ones are made once it is removed.`,
    );
  }
}
