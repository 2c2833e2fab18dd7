/**
 * Why a document, key, token or catalog was refused. Stable: decide by these, never by messages.
 *
 * Reading: `INVALID_JSON` `BAD_ENCODING` `DUPLICATE_KEY` `TOO_LARGE` `TOO_DEEP` `BAD_NUMBER`
 *
 * Catalog: `NOT_A_CATALOG` `MISSING_REQUIRED_FIELD` `INVALID_VERSION` `INVALID_TYPE` `INVALID_FORMAT` `INVALID_URL`
 * `INVALID_HASH` `INVALID_VERSION_FORMAT` `DUPLICATE_TOOL_NAME` `INSECURE_URL` `UNSAFE_TEXT` `DIALECT`
 *
 * Generation: `SPEC_UNSAFE` `SPEC_INVALID` `NAME_COLLISION`
 *
 * Signature: `UNSIGNED` `CARRIER_NOT_ALLOWED` `CARRIER_AMBIGUOUS` `BAD_JWS` `HEADER_NOT_ALLOWED` `BAD_ALG` `BAD_TYP` `NO_KID`
 * `BAD_KID` `BAD_CLAIMS` `BAD_SIGNATURE` `THRESHOLD_NOT_MET`
 *
 * Publisher and keys: `ISSUER_UNTRUSTED` `AUDIENCE_MISMATCH` `DID_INVALID` `DID_ID_MISMATCH` `DID_DEACTIVATED` `DID_UNREACHABLE`
 * `KEY_NOT_FOUND` `KEY_AMBIGUOUS` `KEY_NOT_AUTHORIZED` `KEY_NOT_PINNED` `KEY_REVOKED` `KEY_EXPIRED` `KEY_UNSUPPORTED`
 * `KEY_UNREADABLE` `WEAK_KEY`
 *
 * Time and order: `EXPIRED` `NOT_YET_VALID` `LIFETIME_TOO_LONG` `ROLLBACK` `EQUIVOCATION` `SEQ_JUMP`
 *
 * Content: `HASH_MISMATCH` `SPEC_HASH_MISMATCH` `SPEC_HASH_MISSING` `SPEC_UNREACHABLE`
 *
 * Network (as in `\@agentyard/safe-fetch`): `SSRF_BLOCKED` `REDIRECT_REFUSED` `TIMEOUT` `UNREACHABLE` `HTTP_STATUS`
 * `BAD_CONTENT_TYPE` `BAD_CONTENT_ENCODING` `ABORTED`
 *
 * Signing: `SELF_VERIFICATION_FAILED` `SIGNER_FAILED` `STATEMENT_TOO_LARGE`
 *
 * @public
 */
export type EatErrorCode =
  | 'INVALID_JSON'
  | 'BAD_ENCODING'
  | 'DUPLICATE_KEY'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'BAD_NUMBER'
  | 'NOT_A_CATALOG'
  | 'MISSING_REQUIRED_FIELD'
  | 'INVALID_VERSION'
  | 'INVALID_TYPE'
  | 'INVALID_FORMAT'
  | 'INVALID_URL'
  | 'INVALID_HASH'
  | 'INVALID_VERSION_FORMAT'
  | 'DUPLICATE_TOOL_NAME'
  | 'INSECURE_URL'
  | 'UNSAFE_TEXT'
  | 'DIALECT'
  | 'SPEC_UNSAFE'
  | 'SPEC_INVALID'
  | 'NAME_COLLISION'
  | 'UNSIGNED'
  | 'CARRIER_NOT_ALLOWED'
  | 'CARRIER_AMBIGUOUS'
  | 'BAD_JWS'
  | 'HEADER_NOT_ALLOWED'
  | 'BAD_ALG'
  | 'BAD_TYP'
  | 'NO_KID'
  | 'BAD_KID'
  | 'BAD_CLAIMS'
  | 'BAD_SIGNATURE'
  | 'THRESHOLD_NOT_MET'
  | 'ISSUER_UNTRUSTED'
  | 'AUDIENCE_MISMATCH'
  | 'DID_INVALID'
  | 'DID_ID_MISMATCH'
  | 'DID_DEACTIVATED'
  | 'DID_UNREACHABLE'
  | 'KEY_NOT_FOUND'
  | 'KEY_AMBIGUOUS'
  | 'KEY_NOT_AUTHORIZED'
  | 'KEY_NOT_PINNED'
  | 'KEY_REVOKED'
  | 'KEY_EXPIRED'
  | 'KEY_UNSUPPORTED'
  | 'KEY_UNREADABLE'
  | 'WEAK_KEY'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'LIFETIME_TOO_LONG'
  | 'ROLLBACK'
  | 'EQUIVOCATION'
  | 'SEQ_JUMP'
  | 'HASH_MISMATCH'
  | 'SPEC_HASH_MISMATCH'
  | 'SPEC_HASH_MISSING'
  | 'SPEC_UNREACHABLE'
  | 'SSRF_BLOCKED'
  | 'REDIRECT_REFUSED'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'HTTP_STATUS'
  | 'BAD_CONTENT_TYPE'
  | 'BAD_CONTENT_ENCODING'
  | 'ABORTED'
  | 'SELF_VERIFICATION_FAILED'
  | 'SIGNER_FAILED'
  | 'STATEMENT_TOO_LARGE';

/**
 * One finding: what was wrong, where, and what to do.
 *
 * @public
 */
export interface Problem {
  code: EatErrorCode;
  /** One or two sentences for the operator. Quotes outside text only escaped. */
  message: string;
  /** JSON Pointer (RFC 6901) into the document that was read, where there is one. */
  pointer?: string;
  /** Path of the spec that the finding is about, in generation. */
  path?: string;
}

/**
 * The one error class of this package. `problems` holds every finding where more than one was looked for (validation,
 * generation); the first one gives `code`, `message` and `pointer`.
 *
 * @public
 */
export class EatError extends Error {
  readonly code: EatErrorCode;
  readonly pointer?: string;
  readonly problems: readonly Problem[];

  constructor(
    code: EatErrorCode,
    message: string,
    options: {
      pointer?: string;
      problems?: readonly Problem[];
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'EatError';
    this.code = code;
    this.pointer = options.pointer;
    this.problems = options.problems ?? [
      {
        code,
        message,
        ...(options.pointer === undefined ? {} : { pointer: options.pointer }),
      },
    ];
  }
}

/** Outside text in a message: JSON-escaped and short, so that it can neither forge log lines nor flood them. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const short = text.length > 120 ? `${text.slice(0, 117)}...` : text;
  return short.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udfff]/g,
    c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
