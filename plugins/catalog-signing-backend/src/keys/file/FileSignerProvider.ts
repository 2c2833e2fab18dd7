import type { Alg, Signer } from '@agentyard/eat';
import { SignerProvider } from '@agentyard/plugin-catalog-signing-node';
import { KeyStoreConfig } from '../../config';
import { FileSigner } from './FileSigner';
import { readSecretFile } from './secret';

/** The embedded key store: one encrypted file a publisher. */
export class FileSignerProvider implements SignerProvider {
  readonly provider = 'file';

  constructor(private readonly config: KeyStoreConfig) {}

  async open(publisher: {
    id: string;
    did: string;
    algs: readonly Alg[];
  }): Promise<Signer> {
    const { directory, secret } = this.config;
    return FileSigner.open({
      directory,
      secret:
        'file' in secret
          ? await readSecretFile(secret.file, {
              create: process.env.NODE_ENV !== 'production',
            })
          : secret,
      publisher,
    });
  }
}
