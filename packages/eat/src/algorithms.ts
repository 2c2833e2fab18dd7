/**
 * The closed list of signature algorithms (RFC 7518, RFC 9864). Written `Ed25519`; the older name `EdDSA` is read as the
 * same for Ed25519 keys.
 *
 * @public
 */
export type Alg = 'RS256' | 'PS256' | 'ES256' | 'Ed25519';

/**
 * All of {@link Alg}.
 *
 * @public
 */
export const ALGS: readonly Alg[] = ['RS256', 'PS256', 'ES256', 'Ed25519'];
