import { createHash, createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { Alg } from './algorithms';
import { decodeBase64url } from './base64url';
import { canonicalize } from './canonicalJson';
import { EatError, quoted } from './errors';
import { hasRocaFingerprint } from './roca';
import type { JsonObject } from './strictJson';

/**
 * A public key as a JSON Web Key (RFC 7517), of the kinds that sign catalogs.
 *
 * @public
 */
export type PublicJwk = {
  /** One algorithm a key (RFC 8725 section 3.1). */
  alg?: Alg;
  use?: 'sig';
} & (
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string }
);

/**
 * A public key that passed the hygiene checks, ready to verify.
 *
 * @public
 */
export interface VerificationKey {
  /** The key's one algorithm; RS256 for an RSA key that names none. */
  alg: Alg;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  /** Its public members alone. */
  jwk: PublicJwk;
  keyObject: KeyObject;
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a public key and checks its hygiene: kind, curve and algorithm agree, no private members, RSA of 2048–8192 bits with
 * an odd exponent ≥ 65537 and without the ROCA fingerprint, points on their curve, canonical base64url.
 *
 * @param value - parsed JSON
 * @throws EatError `WEAK_KEY`, `BAD_ALG` (symmetric, or algorithm and key disagree), `KEY_UNSUPPORTED`, `KEY_UNREADABLE`
 *
 * @public
 */
export function readJwk(value: unknown): VerificationKey {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EatError('KEY_UNREADABLE', 'A JSON Web Key must be an object.');
  }
  const members = value as Record<string, unknown>;
  if (members.kty === 'oct') {
    throw new EatError(
      'BAD_ALG',
      'A symmetric key (kty "oct") cannot sign for others. Use RSA, P-256 or Ed25519.',
    );
  }
  const leaked = PRIVATE_MEMBERS.filter(name => Object.hasOwn(members, name));
  if (leaked.length > 0) {
    throw new EatError(
      'WEAK_KEY',
      `The key shows its private members (${leaked.join(
        ', ',
      )}), so anyone can sign with it. Revoke it.`,
    );
  }
  const bare = bareKey(members);
  const alg = algOf(members, bare.kty);
  checkUse(members);
  const jwk = { ...bare, alg, use: 'sig' as const };
  let keyObject: KeyObject;
  try {
    keyObject = createPublicKey({
      key: bare as JsonWebKey,
      format: 'jwk',
    });
  } catch (cause) {
    throw new EatError(
      'WEAK_KEY',
      `The ${bare.kty} key is none: its numbers do not fit its kind.`,
      { cause },
    );
  }
  return { alg, thumbprint: jwkThumbprint(bare), jwk, keyObject };
}

/** The members that make the key, checked. */
function bareKey(members: Record<string, unknown>): PublicJwk {
  switch (members.kty) {
    case 'RSA': {
      const n = bytesOf(members, 'n');
      const e = bytesOf(members, 'e');
      checkRsa(toBigInt(n), toBigInt(e), n[0] === 0 || e[0] === 0);
      return { kty: 'RSA', n: members.n as string, e: members.e as string };
    }
    case 'EC':
      if (members.crv !== 'P-256') {
        throw unsupported(`an EC key on curve ${quoted(members.crv)}`);
      }
      checkLength(bytesOf(members, 'x'), 32);
      checkLength(bytesOf(members, 'y'), 32);
      return {
        kty: 'EC',
        crv: 'P-256',
        x: members.x as string,
        y: members.y as string,
      };
    case 'OKP':
      if (members.crv !== 'Ed25519') {
        throw unsupported(`an OKP key on curve ${quoted(members.crv)}`);
      }
      checkLength(bytesOf(members, 'x'), 32);
      return { kty: 'OKP', crv: 'Ed25519', x: members.x as string };
    default:
      throw unsupported(`a key of kind ${quoted(members.kty)}`);
  }
}

function unsupported(what: string): EatError {
  return new EatError(
    'KEY_UNSUPPORTED',
    `This is ${what}. Use RSA, P-256 or Ed25519.`,
  );
}

function bytesOf(members: Record<string, unknown>, name: string): Buffer {
  const text = members[name];
  const bytes = typeof text === 'string' ? decodeBase64url(text) : undefined;
  if (!bytes || bytes.length === 0) {
    throw new EatError(
      'KEY_UNREADABLE',
      `The key's member "${name}" is not base64url without padding.`,
    );
  }
  return bytes;
}

function checkLength(bytes: Buffer, length: number): void {
  if (bytes.length !== length) {
    throw new EatError(
      'WEAK_KEY',
      `The key's coordinate has ${bytes.length} octets in place of ${length}.`,
    );
  }
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function checkRsa(n: bigint, e: bigint, padded: boolean): void {
  const bits = n.toString(2).length;
  let weakness: string | undefined;
  if (bits < 2048 || bits > 8192) {
    weakness = `a modulus of ${bits} bits; 2048 to 8192 are allowed`;
  } else if (n % 2n === 0n) {
    weakness = 'an even modulus';
  } else if (e < 65537n || e % 2n === 0n || e >= 2n ** 64n) {
    weakness = `the exponent ${
      e < 2n ** 64n ? e : 'beyond 64 bits'
    }; use 65537`;
  } else if (padded) {
    weakness = 'leading zero octets';
  } else if (hasRocaFingerprint(n)) {
    weakness = 'the ROCA fingerprint (CVE-2017-15361): it can be factored';
  }
  if (weakness) {
    throw new EatError(
      'WEAK_KEY',
      `The RSA key has ${weakness}. Make a new one.`,
    );
  }
}

const ALGS_OF_KIND = {
  RSA: ['RS256', 'PS256'],
  EC: ['ES256'],
  OKP: ['Ed25519'],
} as const satisfies Record<PublicJwk['kty'], readonly Alg[]>;

function algOf(members: Record<string, unknown>, kty: PublicJwk['kty']): Alg {
  const algs: readonly Alg[] = ALGS_OF_KIND[kty];
  if (members.alg === undefined) {
    return algs[0];
  }
  const named = members.alg === 'EdDSA' ? 'Ed25519' : members.alg;
  const alg = algs.find(one => one === named);
  if (!alg) {
    throw new EatError(
      'BAD_ALG',
      `The key is of kind ${kty}, but its "alg" is ${quoted(
        members.alg,
      )}. Use ${algs.join(' or ')}.`,
    );
  }
  return alg;
}

function checkUse(members: Record<string, unknown>): void {
  const { use, key_ops: keyOps } = members;
  if (use !== undefined && use !== 'sig') {
    throw new EatError(
      'KEY_UNSUPPORTED',
      `The key's "use" is ${quoted(use)}, which is not signing ("sig").`,
    );
  }
  if (
    keyOps !== undefined &&
    !(Array.isArray(keyOps) && keyOps.includes('verify'))
  ) {
    throw new EatError(
      'KEY_UNSUPPORTED',
      'The key\'s "key_ops" does not have "verify".',
    );
  }
}

/**
 * The RFC 7638 thumbprint: SHA-256, base64url.
 *
 * @public
 */
export function jwkThumbprint(jwk: PublicJwk): string {
  return createHash('sha256')
    .update(canonicalize(requiredMembers(jwk)))
    .digest('base64url');
}

function requiredMembers(jwk: PublicJwk): JsonObject {
  switch (jwk.kty) {
    case 'RSA':
      return { e: jwk.e, kty: jwk.kty, n: jwk.n };
    case 'EC':
      return { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
    default:
      return { crv: jwk.crv, kty: jwk.kty, x: jwk.x };
  }
}
