import type { Alg } from './algorithms';
import type { PublicJwk } from './jwk';

/**
 * One version of a key, as a provider knows it.
 *
 * @public
 */
export interface KeyVersion {
  /** The provider's name for this very version, given to {@link Signer.sign}. */
  ref: string;
  alg: Alg;
  /** The public half. */
  jwk: PublicJwk;
  /** RFC 3339. */
  createdAt: string;
  /** What the provider knows of it; the life of a key in a DID document is its publisher's matter. */
  state: 'enabled' | 'disabled';
}

/**
 * Whether a provider can sign now.
 *
 * @public
 */
export interface SignerHealth {
  status: 'ok' | 'failing';
  message?: string;
}

/**
 * What a provider can do.
 *
 * @public
 */
export interface SignerCapabilities {
  algs: readonly Alg[];
  /** Longest message that it signs whole, in bytes. */
  maxRawBytes?: number;
  /** Whether it takes digests in place of messages. */
  prehash: boolean;
  canRotate: boolean;
  exportable: false;
}

/**
 * A provider of private keys, which never leave it. Implementations sit outside of this package: encrypted file, Vault, AWS
 * KMS, PKCS#11.
 *
 * @public
 */
export interface Signer {
  /** Kind of key store, for people: `file`, `vault`, `aws-kms`, `pkcs11`, or what a module calls its own. */
  readonly provider: string;
  capabilities(): SignerCapabilities;
  listVersions(): Promise<KeyVersion[]>;
  /**
   * Signs the octets of a JWS signing input.
   *
   * @returns the raw JOSE signature: for ES256 r and s of 32 octets each, never DER
   */
  sign(
    ref: string,
    alg: Alg,
    signingInput: Uint8Array,
    options: { signal?: AbortSignal },
  ): Promise<Uint8Array>;
  rotate?(): Promise<KeyVersion>;
  disable?(ref: string): Promise<void>;
  health(): Promise<SignerHealth>;
}
