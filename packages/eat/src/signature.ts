import { constants, verify } from 'node:crypto';
import type { KeyObject, VerifyKeyObjectInput } from 'node:crypto';
import type { Alg } from './algorithms';

/** How node:crypto is told of each algorithm (RFC 7518 section 3, RFC 8037). */
export const NODE_PARAMETERS: Record<
  Alg,
  { digest: string | null; options: Omit<VerifyKeyObjectInput, 'key'> }
> = {
  RS256: {
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PADDING },
  },
  PS256: {
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
  ES256: { digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  Ed25519: { digest: null, options: {} },
};

/** Whether a raw JOSE signature holds. */
export function signatureHolds(
  alg: Alg,
  key: KeyObject,
  signingInput: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { digest, options } = NODE_PARAMETERS[alg];
  return verify(digest, signingInput, { key, ...options }, signature);
}
