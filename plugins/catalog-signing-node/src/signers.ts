import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Alg, Signer } from '@agentyard/eat';

/**
 * Makes the signer of each publisher, for one kind of key store (encrypted file, Vault, KMS, PKCS#11 …).
 *
 * @public
 */
export interface SignerProvider {
  /** Name by which `agentyard.signing.publishers[].provider` chooses it. */
  readonly provider: string;
  /**
   * Opens the publisher's keys and makes those that are missing: for each algorithm at least two versions, so that
   * there is always a standby. Called once for each publisher at start; an error stops publishing for that publisher
   * and is tried again later.
   */
  open(publisher: {
    id: string;
    did: string;
    algs: readonly Alg[];
  }): Promise<Signer>;
}

/**
 * Adds key stores to catalog signing.
 *
 * @public
 */
export interface CatalogSigningSignerExtensionPoint {
  /** Throws when a provider of the same name is there already. */
  addProvider(provider: SignerProvider): void;
}

/**
 * Extension point for modules that keep signing keys elsewhere than in the embedded encrypted files.
 *
 * @example
 * ```ts
 * createBackendModule({
 *   pluginId: 'catalog-signing',
 *   moduleId: 'vault',
 *   register(env) {
 *     env.registerInit({
 *       deps: { signers: catalogSigningSignerExtensionPoint },
 *       async init({ signers }) { signers.addProvider(new VaultSignerProvider()); },
 *     });
 *   },
 * });
 * ```
 *
 * @public
 */
export const catalogSigningSignerExtensionPoint =
  createExtensionPoint<CatalogSigningSignerExtensionPoint>({
    id: 'catalog-signing.signer',
  });
