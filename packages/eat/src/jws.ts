import { ALGS } from './algorithms';
import type { Alg } from './algorithms';
import { decodeBase64url } from './base64url';
import { asObject } from './catalog';
import { EatError, quoted } from './errors';
import type { Problem } from './errors';
import type { VerificationKey } from './jwk';
import { signatureHolds } from './signature';
import { parseJson } from './strictJson';
import type { JsonValue } from './strictJson';
import type { VerifiedSignature } from './verdict';

/**
 * One signature of a JWS, parsed and checked for form but not yet verified.
 *
 * @public
 */
export interface JwsSignature {
  /** Protected header: `alg`, `kid`, `typ` and nothing else. */
  header: JwsHeader;
  /** Octets that are signed. */
  signingInput: Uint8Array;
  signature: Uint8Array;
}

/**
 * A protected header. Which values are right is for a {@link JwsPolicy} to say.
 *
 * @public
 */
export interface JwsHeader {
  alg?: string;
  kid?: string;
  typ?: string;
}

/**
 * A JWS, parsed and checked for form but not yet verified.
 *
 * @public
 */
export interface Jws {
  payload: Uint8Array;
  signatures: JwsSignature[];
}

/**
 * A general JWS (RFC 7515 section 7.2.1) without unprotected headers.
 *
 * @public
 */
export interface GeneralJws {
  /** base64url */
  payload: string;
  /** `protected`: the header as JSON in base64url; `signature`: base64url */
  signatures: { protected: string; signature: string }[];
}

/**
 * What {@link verifyJws} demands.
 *
 * @public
 */
export interface JwsPolicy {
  algs: readonly Alg[];
  /** Allowed values of `typ`, compared exactly. */
  typs: readonly string[];
  /** Whether a `kid` has the right form; by default any may be looked up. */
  isKid?(kid: string): boolean;
  /** The key of a `kid`. Throws `EatError` (`KEY_NOT_FOUND`, …) where there is none. */
  keyOf(kid: string): VerificationKey;
  /** Valid signatures by distinct keys. Default 1. */
  threshold?: number;
}

/**
 * A verified JWS.
 *
 * @public
 */
export interface VerifiedJws {
  payload: Uint8Array;
  /** Those that held, one a key. */
  signatures: VerifiedSignature[];
  /** What was wrong with each of the others. */
  failures: Problem[];
}

/** Cap of a JWS in bytes. */
export const MAX_JWS_BYTES = 8 * 1024;

/** More signatures than any publisher has keys. */
const MAX_SIGNATURES = 16;

/**
 * Parses a compact JWS (RFC 7515 section 7.1).
 *
 * @throws EatError `BAD_JWS` (segments, base64url), `TOO_LARGE` (over 8 KiB unless told), `HEADER_NOT_ALLOWED`, and those of
 * {@link parseJson} for the header
 *
 * @public
 */
export function parseCompactJws(
  token: string,
  options: { maxBytes?: number } = {},
): Jws {
  checkSize(token, options.maxBytes);
  const segments = token.split('.');
  if (segments.length !== 3) {
    throw badJws(`has ${segments.length} segments in place of three`);
  }
  const [header, payload, signature] = segments;
  return {
    payload: segment('payload', payload),
    signatures: [parseSignature(header, payload, signature)],
  };
}

/**
 * Parses a general JWS in its JSON serialisation.
 *
 * @throws EatError as {@link parseCompactJws}
 *
 * @public
 */
export function parseGeneralJws(
  input: Uint8Array | string,
  options: { maxBytes?: number } = {},
): Jws {
  checkSize(input, options.maxBytes);
  return generalJwsOf(parseJson(input));
}

/** A general JWS that was parsed as JSON before. */
export function generalJwsOf(value: JsonValue): Jws {
  const root = asObject(value);
  const { payload, signatures, ...others } = root ?? {};
  if (typeof payload !== 'string' || !Array.isArray(signatures)) {
    throw badJws('needs "payload" and "signatures"');
  }
  refuseMembers(others);
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw badJws(
      `has ${signatures.length} signatures; 1 to ${MAX_SIGNATURES} are allowed`,
    );
  }
  return {
    payload: segment('payload', payload),
    signatures: signatures.map(entry => {
      const { protected: header, signature, ...rest } = asObject(entry) ?? {};
      refuseMembers(rest);
      if (typeof header !== 'string' || typeof signature !== 'string') {
        throw badJws('has a signature without "protected" or "signature"');
      }
      return parseSignature(header, payload, signature);
    }),
  };
}

function checkSize(
  input: Uint8Array | string,
  maxBytes: number = MAX_JWS_BYTES,
): void {
  if (input.length > maxBytes) {
    throw new EatError(
      'TOO_LARGE',
      `The signature has more than ${maxBytes} bytes.`,
    );
  }
}

function refuseMembers(others: Record<string, unknown>): void {
  const names = Object.keys(others);
  if (names.length > 0) {
    throw new EatError(
      'HEADER_NOT_ALLOWED',
      `The JWS has the unprotected member ${quoted(
        names[0],
      )}, which nobody signed. Sign without it.`,
    );
  }
}

function badJws(what: string): EatError {
  return new EatError('BAD_JWS', `The JWS ${what}.`);
}

function segment(name: string, text: string): Buffer {
  const bytes = text === '' ? undefined : decodeBase64url(text);
  if (!bytes) {
    throw badJws(`has a ${name} that is not base64url without padding`);
  }
  return bytes;
}

const HEADER_MEMBERS = ['alg', 'kid', 'typ'];

function parseSignature(
  header: string,
  payload: string,
  signature: string,
): JwsSignature {
  const bytes = segment('header', header);
  const value = asObject(parseJson(bytes, { maxBytes: MAX_JWS_BYTES }));
  if (!value) {
    throw badJws('has a header that is no object');
  }
  for (const name of Object.keys(value)) {
    // `crit`, `b64`, `jku`, `x5u`, `jwk` and their kin change what is verified, or with what.
    if (!HEADER_MEMBERS.includes(name)) {
      throw new EatError(
        'HEADER_NOT_ALLOWED',
        `The JWS header has ${quoted(
          name,
        )}; only alg, kid and typ are allowed.`,
      );
    }
    if (typeof value[name] !== 'string') {
      throw new EatError(
        'HEADER_NOT_ALLOWED',
        `The JWS header's ${name} is no string.`,
      );
    }
  }
  return {
    header: value as JwsHeader,
    signingInput: Buffer.from(`${header}.${payload}`, 'ascii'),
    signature: segment('signature', signature),
  };
}

/**
 * Verifies a JWS under a policy. The algorithm is the key's; the header's must equal it.
 *
 * @throws EatError what was wrong with the one signature: `BAD_ALG`, `BAD_TYP`, `NO_KID`, `BAD_KID`, `BAD_SIGNATURE`, or what
 * `keyOf` throws; of several: `THRESHOLD_NOT_MET`, with what was wrong with each in `problems`
 *
 * @public
 */
export function verifyJws(jws: Jws, policy: JwsPolicy): VerifiedJws {
  const threshold = policy.threshold ?? 1;
  const valid = new Map<string, VerifiedSignature>();
  const failures: Problem[] = [];
  let first: unknown;
  for (const signature of jws.signatures) {
    try {
      const held = verifySignature(signature, policy);
      valid.set(held.thumbprint, held);
    } catch (error) {
      if (!(error instanceof EatError)) {
        throw error;
      }
      first ??= error;
      failures.push(...error.problems);
    }
  }
  if (valid.size < threshold) {
    if (jws.signatures.length === 1 && first) {
      throw first;
    }
    const message = `${valid.size} of ${jws.signatures.length} signatures hold by distinct keys; ${threshold} are needed.`;
    throw new EatError('THRESHOLD_NOT_MET', message, {
      problems: [{ code: 'THRESHOLD_NOT_MET', message }, ...failures],
    });
  }
  return { payload: jws.payload, signatures: [...valid.values()], failures };
}

/**
 * Checks a header before any key is asked for.
 *
 * @throws EatError `BAD_ALG`, `BAD_TYP`, `NO_KID`, `BAD_KID`
 */
export function checkHeader(
  header: JwsHeader,
  policy: Pick<JwsPolicy, 'algs' | 'typs' | 'isKid'>,
): { alg: Alg; kid: string } {
  const named = header.alg === 'EdDSA' ? 'Ed25519' : header.alg;
  const alg = ALGS.find(one => one === named);
  if (!alg || !policy.algs.includes(alg)) {
    throw new EatError(
      'BAD_ALG',
      `The signature's algorithm is ${quoted(
        header.alg,
      )}; allowed: ${policy.algs.join(', ')}.`,
    );
  }
  if (header.typ === undefined || !policy.typs.includes(header.typ)) {
    throw new EatError(
      'BAD_TYP',
      `The signature's typ is ${quoted(
        header.typ,
      )}; expected: ${policy.typs.join(', ')}.`,
    );
  }
  const { kid } = header;
  if (kid === undefined) {
    throw new EatError(
      'NO_KID',
      'The signature names no key (kid). Keys are never guessed.',
    );
  }
  if (policy.isKid && !policy.isKid(kid)) {
    throw new EatError(
      'BAD_KID',
      `The signature's kid ${quoted(kid)} is not one of the publisher's.`,
    );
  }
  return { alg, kid };
}

function verifySignature(
  { header, signingInput, signature }: JwsSignature,
  policy: JwsPolicy,
): VerifiedSignature {
  const { alg, kid } = checkHeader(header, policy);
  const key = policy.keyOf(kid);
  if (key.alg !== alg) {
    throw new EatError(
      'BAD_ALG',
      `The signature's algorithm is ${alg}, but the key ${quoted(kid)} is for ${
        key.alg
      }.`,
    );
  }
  if (!signatureHolds(alg, key.keyObject, signingInput, signature)) {
    throw new EatError(
      'BAD_SIGNATURE',
      `The signature by ${quoted(kid)} does not hold.`,
    );
  }
  return { kid, alg, thumbprint: key.thumbprint };
}
