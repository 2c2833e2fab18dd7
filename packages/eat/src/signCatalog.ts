import { compactVerify, importJWK } from 'jose';
import type { Alg } from './algorithms';
import { encodeBase64url } from './base64url';
import { sha256 } from './canonicalJson';
import type { Sha256 } from './canonicalJson';
import { asObject, catalogBytes, catalogHash } from './catalog';
import type { ToolCatalog } from './catalog';
import { EatError, quoted } from './errors';
import { readJwk } from './jwk';
import type { PublicJwk, VerificationKey } from './jwk';
import { parseCompactJws, parseGeneralJws, verifyJws } from './jws';
import type { GeneralJws } from './jws';
import { linksetHash } from './linkset';
import type { Linkset } from './linkset';
import type { Signer } from './signer';
import { EAT_TYP, STRICT_TYP, serialiseStatement } from './statement';
import type { Statement } from './statement';
import type { JsonObject } from './strictJson';

/**
 * One key to sign with.
 *
 * @public
 */
export interface SigningKey {
  signer: Signer;
  /** The signer's name for the key's version. */
  ref: string;
  alg: Alg;
  /** The public half as published: the signature must verify with it. */
  jwk: PublicJwk;
}

/**
 * Input of {@link signCatalog}.
 *
 * @public
 */
export interface SignOptions {
  catalog: ToolCatalog | JsonObject;
  /** Its hash goes into the statement. */
  linkset?: Linkset;
  /** DID of the publisher. */
  issuer: string;
  /** URL of the catalog. */
  subject: string;
  issuedAt: Date;
  /** Default 86 400. */
  lifetimeSeconds?: number;
  /** One more than the statement's before. */
  seq: number;
  /** `payloadHash` of the statement before. */
  prev?: Sha256;
  /** Sign the sidecar S, in this order; the first RS256 key also signs carrier A. */
  keys: readonly SigningKey[];
  signal?: AbortSignal;
}

/**
 * A signed catalog, all of it verified.
 *
 * @public
 */
export interface SignedCatalog {
  statement: Statement;
  /** Hash of the payload octets: the next statement's `prev`. */
  payloadHash: Sha256;
  catalogHash: Sha256;
  /** The octets to publish as EAT JSON. */
  catalogBytes: Uint8Array;
  /** Carrier A, the value of `X-JWS-Signature`, `typ: JWS`; absent without an RS256 key. */
  compact?: string;
  /** Carrier S, `typ: eat-catalog+jws`; serve as `application/jose+json`. */
  general: GeneralJws;
  /** One per signature of S. */
  signatures: { kid: string; alg: Alg; thumbprint: string }[];
}

/** The smallest limit of a provider on what it signs whole. */
const MAX_SIGNING_INPUT_BYTES = 4096;

/**
 * States the catalog's hash and signs it with each key. Every signature is verified by ourselves and by a second implementation
 * against the given public key before anything is returned.
 *
 * Sign what {@link validateCatalog} found valid: this function does not look at the tools.
 *
 * @throws EatError `BAD_CLAIMS`, `BAD_NUMBER`, `STATEMENT_TOO_LARGE`, `SIGNER_FAILED` (the provider threw; see `cause`),
 * `SELF_VERIFICATION_FAILED`, and those of {@link readJwk}
 *
 * @public
 */
export async function signCatalog(
  options: SignOptions,
): Promise<SignedCatalog> {
  const { catalog, linkset, issuer, subject, issuedAt, seq, prev } = options;
  const hash = catalogHash(catalog);
  const iat = Math.floor(issuedAt.getTime() / 1000);
  const tools = (catalog as JsonObject).tools;
  const statement: Statement = {
    iss: issuer,
    sub: subject,
    iat,
    exp: iat + (options.lifetimeSeconds ?? 86_400),
    seq,
    ...(prev === undefined ? {} : { prev }),
    catalog_hash: hash,
    ...(linkset === undefined ? {} : { linkset_hash: linksetHash(linkset) }),
    ...(Array.isArray(tools) ? { tools: tools.length } : {}),
  };
  const payload = serialiseStatement(statement);
  const keys = options.keys.map(key => readPublishedKey(key, issuer));
  if (keys.length === 0) {
    throw new EatError('SIGNER_FAILED', 'There is no key to sign with.');
  }

  const tokens = await Promise.all(
    keys.map(key => sign(key, STRICT_TYP, payload, options.signal)),
  );
  const rs256 = keys.find(({ alg }) => alg === 'RS256');
  const compact =
    rs256 && (await sign(rs256, EAT_TYP, payload, options.signal));
  const general: GeneralJws = {
    payload: encodeBase64url(payload),
    signatures: tokens.map(token => {
      const [header, , signature] = token.split('.');
      return { protected: header, signature };
    }),
  };
  verifyOurselves(keys, general, compact);
  return {
    statement,
    payloadHash: sha256(payload),
    catalogHash: hash,
    catalogBytes: catalogBytes(catalog),
    ...(compact === undefined ? {} : { compact }),
    general,
    signatures: keys.map(({ kid, alg, published }) => ({
      kid,
      alg,
      thumbprint: published.thumbprint,
    })),
  };
}

type ReadyKey = SigningKey & { kid: string; published: VerificationKey };

function readPublishedKey(key: SigningKey, issuer: string): ReadyKey {
  const published = readJwk({ ...key.jwk, alg: key.alg });
  return { ...key, published, kid: `${issuer}#${published.thumbprint}` };
}

/** One compact JWS, verified with jose. */
async function sign(
  { signer, ref, alg, kid, published }: ReadyKey,
  typ: string,
  payload: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string> {
  const header = encodeBase64url(JSON.stringify({ alg, kid, typ }));
  const input = `${header}.${encodeBase64url(payload)}`;
  if (input.length > MAX_SIGNING_INPUT_BYTES) {
    throw new EatError(
      'STATEMENT_TOO_LARGE',
      `Header and statement have ${input.length} octets; ${MAX_SIGNING_INPUT_BYTES} are what every provider signs. Shorten the catalog's URL.`,
    );
  }
  let signature: Uint8Array;
  try {
    signature = await signer.sign(ref, alg, Buffer.from(input, 'ascii'), {
      signal,
    });
  } catch (cause) {
    throw new EatError(
      'SIGNER_FAILED',
      `The key provider ${signer.provider} did not sign with ${kid} (${alg}). See its log.`,
      { cause },
    );
  }
  const token = `${input}.${encodeBase64url(signature)}`;
  try {
    await compactVerify(token, await importJWK(published.jwk, alg), {
      algorithms: [alg],
    });
  } catch (cause) {
    throw selfVerificationFailed(kid, cause);
  }
  return token;
}

/** Reads back what will be published, as consumers do. */
function verifyOurselves(
  keys: readonly ReadyKey[],
  general: GeneralJws,
  compact: string | undefined,
): void {
  const keyOf = (kid: string) => keys.find(key => key.kid === kid)!.published;
  const algs = keys.map(({ alg }) => alg);
  const distinct = new Set(keys.map(({ kid }) => kid)).size;
  try {
    verifyJws(parseGeneralJws(JSON.stringify(general)), {
      algs,
      typs: [STRICT_TYP],
      keyOf,
      threshold: distinct,
    });
    if (compact !== undefined) {
      verifyJws(parseCompactJws(compact), { algs, typs: [EAT_TYP], keyOf });
    }
  } catch (cause) {
    throw selfVerificationFailed(keys[0].kid, cause);
  }
}

function selfVerificationFailed(kid: string, cause: unknown): EatError {
  return new EatError(
    'SELF_VERIFICATION_FAILED',
    `What was signed with ${quoted(
      kid,
    )} does not verify with its published key, so it is not released. The provider may have signed with another version of the key.`,
    { cause },
  );
}

/**
 * The catalog with its statement inside, as carrier C: for hosts that can serve neither headers nor a second file. A catalog without
 * `metadata` must be given an empty one before it is signed, since the hash covers it.
 *
 * @throws EatError `NOT_A_CATALOG` without `metadata`, `BAD_JWS` without `compact`
 *
 * @public
 */
export function embedSignature(
  catalog: ToolCatalog | JsonObject,
  signed: Pick<SignedCatalog, 'compact'>,
): JsonObject {
  const metadata = asObject((catalog as JsonObject).metadata);
  if (!metadata) {
    throw new EatError(
      'NOT_A_CATALOG',
      'The catalog has no metadata to hold the signature. Add an empty one and sign again.',
    );
  }
  if (signed.compact === undefined) {
    throw new EatError(
      'BAD_JWS',
      'There is no RS256 signature to embed. Sign with an RS256 key.',
    );
  }
  const [{ header }] = parseCompactJws(signed.compact).signatures;
  return {
    ...(catalog as JsonObject),
    metadata: {
      ...metadata,
      signature: {
        algorithm: header.alg!,
        keyId: header.kid!,
        jws: signed.compact,
      },
    },
  };
}
