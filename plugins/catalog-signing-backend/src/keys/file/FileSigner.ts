import { constants, KeyObject, sign as cryptoSign } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Alg, KeyVersion, Signer } from '@agentyard/eat';
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

const signOffThread = promisify<
  string | null,
  Uint8Array,
  Parameters<typeof cryptoSign>[2],
  Buffer
>(cryptoSign);

/** A version and a standby of each algorithm. */
const VERSIONS_PER_ALG = 2;

/**
 * Keys of one publisher in an encrypted file (AES-256-GCM, `<publisher id>.keys.json`), the embedded default.
 * The private keys are decrypted once and stay in this process; nothing hands them out.
 */
export class FileSigner implements Signer {
  readonly provider = 'file';
  readonly #versions: KeyVersion[];
  readonly #privateKeys: Map<string, KeyObject>;
  readonly #algs: readonly Alg[];

  private constructor(
    algs: readonly Alg[],
    versions: KeyVersion[],
    privateKeys: Map<string, KeyObject>,
  ) {
    this.#algs = algs;
    this.#versions = versions;
    this.#privateKeys = privateKeys;
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
    const privateKeys = new Map<string, KeyObject>();
    const versions: KeyVersion[] = [];
    for (const key of own) {
      privateKeys.set(key.kid, unseal(key, kek));
      versions.push({
        ref: key.kid,
        alg: key.alg,
        jwk: key.jwk,
        createdAt: key.createdAt,
      } as KeyVersion);
    }
    return new FileSigner(publisher.algs, versions, privateKeys);

    function missing(present: KeyFile, algs: readonly Alg[]): Alg[] {
      return algs.flatMap(alg => {
        const count = present.keys.filter(
          key => key.alg === alg && key.kid.startsWith(`${publisher.did}#`),
        ).length;
        return Array(Math.max(0, VERSIONS_PER_ALG - count)).fill(alg);
      });
    }
  }

  capabilities() {
    return {
      algs: [...this.#algs],
      prehash: false,
      canRotate: false,
      exportable: false as const,
    };
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
    options.signal?.throwIfAborted();
    const key = this.#privateKeys.get(ref);
    const version = this.#versions.find(v => v.ref === ref);
    if (!key || version?.alg !== alg) {
      throw new KeyStoreError(
        'KEYSTORE_NO_SUCH_KEY',
        `The key store has no ${alg} key "${ref}"`,
      );
    }
    return signOffThread(
      alg === 'Ed25519' ? null : 'sha256',
      signingInput,
      signingKey(alg, key),
    );
  }

  async health() {
    return { status: 'ok' as const };
  }
}

function signingKey(alg: Alg, key: KeyObject) {
  switch (alg) {
    case 'PS256':
      return {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      };
    case 'ES256':
      // Raw r and s as JOSE wants them (RFC 7518 section 3.4), not DER.
      return { key, dsaEncoding: 'ieee-p1363' as const };
    default:
      return { key };
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
