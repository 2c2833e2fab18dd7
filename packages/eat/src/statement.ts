import type { Sha256 } from './canonicalJson';
import { asObject } from './catalog';
import { EatError, quoted } from './errors';
import type { Profile } from './policy';
import { decodeUtf8, parseJson } from './strictJson';
import type { JsonValue } from './strictJson';

/**
 * What a publisher says about a catalog: the payload of every JWS but carrier B. EAT defines `iss`, `iat`, `exp`,
 * `catalog_hash`; the profile `strict` also wants `sub` and `seq`.
 *
 * @public
 */
export interface Statement {
  /** DID of the publisher. */
  iss: string;
  /** URL of the catalog. */
  sub?: string;
  /** Seconds since 1970. */
  iat: number;
  /** Seconds since 1970, after `iat`. */
  exp: number;
  /** 1 … 2^53-1, one more for each statement. */
  seq?: number;
  /** Hash of the payload octets of the statement before. */
  prev?: Sha256;
  catalog_hash: Sha256;
  linkset_hash?: Sha256;
  /** Number of tools. */
  tools?: number;
  /** Hash of the exact octets served as EAT JSON. */
  catalog_sha256_raw?: Sha256;
  jti?: string;
}

/** `typ` of carriers A and C, which readers of EAT 1.0 know. */
export const EAT_TYP = 'JWS';
/** `typ` of the sidecar S, which the profile `strict` demands. */
export const STRICT_TYP = 'eat-catalog+jws';

type Check = (value: JsonValue) => string | undefined;

const text: Check = value =>
  typeof value === 'string' && value !== '' ? undefined : 'a text';
const hash: Check = value =>
  typeof value === 'string' && /^sha256:[a-f0-9]{64}$/.test(value)
    ? undefined
    : '"sha256:" and 64 lower-case hex digits';
const integerFrom =
  (least: number): Check =>
  value =>
    Number.isSafeInteger(value) && (value as number) >= least
      ? undefined
      : `an integer from ${least} to 2^53-1`;

/** The claims, in the order in which they are written. */
const CLAIMS: Record<keyof Statement, Check> = {
  iss: text,
  sub: text,
  iat: integerFrom(0),
  exp: integerFrom(0),
  seq: integerFrom(1),
  prev: hash,
  catalog_hash: hash,
  linkset_hash: hash,
  tools: integerFrom(0),
  catalog_sha256_raw: hash,
  jti: text,
};

const REQUIRED: Record<Profile, readonly (keyof Statement)[]> = {
  strict: ['iss', 'sub', 'iat', 'exp', 'seq', 'catalog_hash'],
  'eat-compat': ['iss', 'iat', 'exp', 'catalog_hash'],
};

/**
 * Reads the payload of a JWS as a statement. Says nothing about its truth: verify the signature, the issuer and the times.
 * Members that are no claims of ours are let pass and left out.
 *
 * @throws EatError `BAD_CLAIMS`, `BAD_NUMBER` (float, or beyond 2^53-1), and those of {@link parseJson}
 *
 * @public
 */
export function parseStatement(
  payload: Uint8Array,
  profile: Profile = 'strict',
): Statement {
  const claims = asObject(parseJson(payload));
  if (!claims) {
    throw badClaims('The statement is no object.', '');
  }
  // 1.0 and 1e3 are integers once parsed, but not to every reader.
  const outsideStrings = decodeUtf8(payload).replace(
    /"(?:[^"\\]|\\.)*"/g,
    '""',
  );
  if (/[0-9][.eE]/.test(outsideStrings)) {
    throw new EatError(
      'BAD_NUMBER',
      'The statement has a number with a fraction or exponent. Claims are plain integers.',
    );
  }
  return checkClaims(claims, profile);
}

/**
 * Checks claims that were parsed or built.
 *
 * @throws EatError `BAD_CLAIMS`, `BAD_NUMBER`
 */
export function checkClaims(
  claims: Record<string, JsonValue | undefined>,
  profile: Profile,
): Statement {
  const statement: Record<string, JsonValue> = {};
  for (const [name, check] of Object.entries(CLAIMS)) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (value === undefined) {
      if (REQUIRED[profile].includes(name as keyof Statement)) {
        throw badClaims(`The statement has no "${name}".`, `/${name}`);
      }
      continue;
    }
    const expected = check(value);
    if (expected) {
      if (typeof value === 'number') {
        throw new EatError(
          'BAD_NUMBER',
          `The statement's "${name}" is ${value}; expected ${expected}.`,
          { pointer: `/${name}` },
        );
      }
      throw badClaims(
        `The statement's "${name}" is ${quoted(value)}; expected ${expected}.`,
        `/${name}`,
      );
    }
    statement[name] = value;
  }
  const checked = statement as unknown as Statement;
  if (!checked.iss.startsWith('did:web:')) {
    throw badClaims(
      `The statement's issuer ${quoted(checked.iss)} is no did:web.`,
      '/iss',
    );
  }
  if (checked.exp <= checked.iat) {
    throw badClaims(
      'The statement ends ("exp") before it begins ("iat").',
      '/exp',
    );
  }
  return checked;
}

function badClaims(message: string, pointer: string): EatError {
  return new EatError('BAD_CLAIMS', message, { pointer });
}

/**
 * The payload octets of a statement: its claims in their documented order, without white space.
 *
 * @throws EatError `BAD_CLAIMS`, `BAD_NUMBER` if it is none that the profile `strict` would take
 *
 * @public
 */
export function serialiseStatement(statement: Statement): Uint8Array {
  const checked = checkClaims({ ...statement }, 'strict');
  return new TextEncoder().encode(JSON.stringify(checked));
}
