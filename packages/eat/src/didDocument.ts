import { createPublicKey } from 'node:crypto';
import { asObject } from './catalog';
import { EatError, quoted } from './errors';
import type { Problem } from './errors';
import { readJwk } from './jwk';
import type { PublicJwk, VerificationKey } from './jwk';
import { jwkOfMultikey } from './multikey';
import type { Profile } from './policy';
import { parseJson } from './strictJson';
import type { JsonObject, JsonValue } from './strictJson';

/**
 * A key to publish.
 *
 * @public
 */
export interface PublishedKey {
  jwk: PublicJwk;
  /** RFC 3339; from here on unusable. */
  expires?: string;
  /** RFC 3339; a revoked key is out of `assertionMethod` and of the JWKS. */
  revoked?: string;
}

/**
 * The DID document of a publisher: `JsonWebKey2020` methods, `kid` = DID and thumbprint, service `#catalog` of type `EATCatalog`.
 *
 * @throws EatError those of {@link readJwk}
 *
 * @public
 */
export function didDocument(options: {
  did: string;
  keys: readonly PublishedKey[];
  catalogUrl: string;
}): JsonObject {
  const { did, catalogUrl } = options;
  const keys = options.keys.map(key => ({ ...key, ...published(key) }));
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/suites/jws-2020/v1',
    ],
    id: did,
    verificationMethod: keys.map(
      ({ thumbprint, members, expires, revoked }) => ({
        id: `${did}#${thumbprint}`,
        type: 'JsonWebKey2020',
        controller: did,
        ...(expires === undefined ? {} : { expires }),
        ...(revoked === undefined ? {} : { revoked }),
        publicKeyJwk: members,
      }),
    ),
    assertionMethod: keys
      .filter(({ revoked }) => revoked === undefined)
      .map(({ thumbprint }) => `${did}#${thumbprint}`),
    service: [
      {
        id: `${did}#catalog`,
        type: 'EATCatalog',
        serviceEndpoint: catalogUrl,
      },
    ],
  };
}

/**
 * The keys that may sign, as a JSON Web Key Set for `/.well-known/jwks.json`; `kid` as in signatures.
 *
 * @throws EatError those of {@link readJwk}
 *
 * @public
 */
export function jwks(options: {
  did: string;
  keys: readonly PublishedKey[];
}): JsonObject {
  return {
    keys: options.keys
      .filter(({ revoked }) => revoked === undefined)
      .map(published)
      .map(({ thumbprint, members }) => ({
        ...members,
        kid: `${options.did}#${thumbprint}`,
      })),
  };
}

function published({ jwk }: PublishedKey) {
  const key = readJwk(jwk);
  return { thumbprint: key.thumbprint, members: key.jwk as JsonObject };
}

/**
 * A DID document that passed all checks.
 *
 * @public
 */
export interface DidDocument {
  did: string;
  /** What `eat-compat` let pass. */
  warnings: Problem[];
  /**
   * The key of a `kid` (absolute, `<did>#<fragment>`), if it may sign catalogs at that time.
   *
   * @throws EatError `KEY_NOT_FOUND`, `KEY_NOT_AUTHORIZED`, `KEY_REVOKED`, `KEY_EXPIRED`, `KEY_UNSUPPORTED`
   */
  assertionKey(kid: string, at: Date): VerificationKey;
}

interface Method {
  id: string;
  key: VerificationKey | EatError;
  expires?: number;
  revoked?: number;
}

/** Cap of did.json in bytes. */
export const MAX_DID_DOCUMENT_BYTES = 64 * 1024;

const MAX_METHODS = 64;

/**
 * Reads a DID document and the keys in it; one bad key refuses the whole document. Methods of kinds that we do not use are let
 * pass, and cannot sign.
 *
 * @throws EatError `DID_INVALID`, `DID_ID_MISMATCH`, `KEY_AMBIGUOUS`, `WEAK_KEY`, `BAD_ALG`, `KEY_UNREADABLE`, and those of
 * {@link parseJson}
 *
 * @public
 */
export function readDidDocument(
  input: Uint8Array | string,
  options: { did: string; profile?: Profile },
): DidDocument {
  const { did, profile = 'strict' } = options;
  const compat = profile === 'eat-compat';
  const root = asObject(parseJson(input, { maxBytes: MAX_DID_DOCUMENT_BYTES }));
  if (!root) {
    throw invalid('it is no object', '');
  }
  if (root.id !== did) {
    throw new EatError(
      'DID_ID_MISMATCH',
      `The DID document is of ${quoted(root.id)}, not of ${quoted(did)}.`,
      { pointer: '/id' },
    );
  }
  const warnings: Problem[] = [];
  const absolute = (id: JsonValue | undefined, pointer: string): string => {
    const match =
      typeof id === 'string' ? /^([^#]*)#[A-Za-z0-9_-]{1,128}$/.exec(id) : null;
    if (match?.[1] === did) {
      return match[0];
    }
    if (match?.[1] === '' && compat) {
      warnings.push({
        code: 'DIALECT',
        message: `The id ${match[0]} should be absolute: ${did}${match[0]}.`,
        pointer,
      });
      return `${did}${match[0]}`;
    }
    throw invalid(`the id ${quoted(id)} is not "${did}#…"`, pointer);
  };

  const methods = new Map<string, Method>();
  const addMethod = (value: JsonValue, pointer: string): string => {
    const method = readMethod(value, pointer, did, compat, absolute);
    if (methods.has(method.id)) {
      throw new EatError(
        'KEY_AMBIGUOUS',
        `The DID document has several keys with the id ${quoted(method.id)}.`,
        { pointer },
      );
    }
    methods.set(method.id, method);
    return method.id;
  };

  listOf(root.verificationMethod, '/verificationMethod').forEach(
    (value, index) => addMethod(value, `/verificationMethod/${index}`),
  );
  let authorized: Set<string> | undefined;
  if (root.assertionMethod !== undefined) {
    authorized = new Set(
      listOf(root.assertionMethod, '/assertionMethod').map((value, index) => {
        const pointer = `/assertionMethod/${index}`;
        // A reference, or a method of its own (DID Core, section 5.3).
        return typeof value === 'string'
          ? absolute(value, pointer)
          : addMethod(value, pointer);
      }),
    );
  } else if (compat) {
    warnings.push({
      code: 'KEY_NOT_AUTHORIZED',
      message:
        'The DID document does not say which keys sign catalogs (assertionMethod); all are taken.',
    });
  }

  return {
    did,
    warnings,
    assertionKey(kid, at) {
      const method = methods.get(kid);
      if (!method) {
        throw new EatError(
          'KEY_NOT_FOUND',
          `The DID document of ${did} has no key ${quoted(kid)}.`,
        );
      }
      // A revoked key is out of assertionMethod as well: say the graver of the two.
      if (method.revoked !== undefined && method.revoked <= at.getTime()) {
        throw new EatError('KEY_REVOKED', `The key ${kid} was revoked.`);
      }
      if (authorized ? !authorized.has(kid) : !compat) {
        throw new EatError(
          'KEY_NOT_AUTHORIZED',
          `The key ${kid} is published, but not for signing catalogs (assertionMethod).`,
        );
      }
      if (method.expires !== undefined && method.expires <= at.getTime()) {
        throw new EatError('KEY_EXPIRED', `The key ${kid} has expired.`);
      }
      if (method.key instanceof EatError) {
        throw method.key;
      }
      return method.key;
    },
  };
}

function invalid(why: string, pointer: string): EatError {
  return new EatError('DID_INVALID', `The DID document is refused: ${why}.`, {
    pointer,
  });
}

function listOf(value: JsonValue | undefined, pointer: string): JsonValue[] {
  if (!Array.isArray(value) || value.length > MAX_METHODS) {
    throw invalid(
      `${pointer.slice(1)} is no list of at most ${MAX_METHODS}`,
      pointer,
    );
  }
  return value;
}

const KEY_FORM = /^publicKey/;

function readMethod(
  value: JsonValue,
  pointer: string,
  did: string,
  compat: boolean,
  absolute: (id: JsonValue | undefined, pointer: string) => string,
): Method {
  const method = asObject(value);
  if (!method) {
    throw invalid('a verification method is no object', pointer);
  }
  const id = absolute(method.id, `${pointer}/id`);
  if (method.controller !== did) {
    throw invalid(`the key ${id} is controlled by another`, pointer);
  }
  if (typeof method.type !== 'string') {
    throw invalid(`the key ${id} has no type`, pointer);
  }
  if (Object.keys(method).some(name => /^(?:private|secret)Key/.test(name))) {
    throw new EatError(
      'WEAK_KEY',
      `The key ${id} shows its private half. Revoke it.`,
      { pointer },
    );
  }
  if (Object.keys(method).filter(name => KEY_FORM.test(name)).length !== 1) {
    throw invalid(`the key ${id} is not given in exactly one form`, pointer);
  }
  return {
    id,
    key: keyOf(method, id, pointer, compat),
    expires: timeOf(method.expires, `${pointer}/expires`),
    revoked: timeOf(method.revoked, `${pointer}/revoked`),
  };
}

function keyOf(
  method: JsonObject,
  id: string,
  pointer: string,
  compat: boolean,
): VerificationKey | EatError {
  try {
    switch (method.type) {
      case 'JsonWebKey':
      case 'JsonWebKey2020':
        return readJwk(method.publicKeyJwk);
      case 'Multikey':
        if (typeof method.publicKeyMultibase === 'string') {
          return readJwk(jwkOfMultikey(method.publicKeyMultibase));
        }
        break;
      case 'RsaVerificationKey2018':
        if (compat && typeof method.publicKeyPem === 'string') {
          return readJwk(jwkOfPem(method.publicKeyPem));
        }
        break;
      default:
    }
  } catch (error) {
    if (!(error instanceof EatError)) {
      throw error;
    }
    const located = new EatError(error.code, `${id}: ${error.message}`, {
      pointer,
      cause: error,
    });
    if (error.code === 'KEY_UNSUPPORTED') {
      return located;
    }
    throw located;
  }
  return new EatError(
    'KEY_UNSUPPORTED',
    `The key ${id} is of type ${quoted(
      method.type,
    )}, which is not used here. Publish it as JsonWebKey2020.`,
    { pointer },
  );
}

/** The key in a PEM of SubjectPublicKeyInfo; a certificate says more than a key, and that nobody would check. */
function jwkOfPem(pem: string): object {
  if (!/^-----BEGIN PUBLIC KEY-----\s/.test(pem.trim())) {
    throw new EatError(
      'KEY_UNREADABLE',
      'The PEM is no public key ("BEGIN PUBLIC KEY").',
    );
  }
  try {
    return createPublicKey(pem).export({ format: 'jwk' });
  } catch (cause) {
    throw new EatError('KEY_UNREADABLE', 'The PEM cannot be read.', { cause });
  }
}

function timeOf(
  value: JsonValue | undefined,
  pointer: string,
): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const time =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? Date.parse(value)
      : NaN;
  if (Number.isNaN(time)) {
    throw invalid(`${quoted(value)} is no time (RFC 3339)`, pointer);
  }
  return time;
}
