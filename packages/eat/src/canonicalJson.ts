import { createHash } from 'node:crypto';
import { EatError } from './errors';
import { isWellFormed } from './strictJson';
import type { JsonValue } from './strictJson';

/**
 * A SHA-256 digest in the form of EAT: `sha256:` and 64 lower-case hex digits.
 *
 * @public
 */
export type Sha256 = `sha256:${string}`;

/**
 * The canonical text of a JSON value by the JSON Canonicalization Scheme (JCS, RFC 8785): members sorted by UTF-16 code
 * unit, ECMAScript numbers, no white space, no Unicode normalisation. Give it values from {@link parseJson}, or such as
 * that could have made.
 *
 * @example
 * ```ts
 * canonicalize({ b: 1.0, a: 'é' }); // {"a":"é","b":1}
 * ```
 *
 * @throws EatError `BAD_ENCODING` (lone surrogate), `BAD_NUMBER` (not finite), `INVALID_TYPE` (not JSON)
 *
 * @public
 */
export function canonicalize(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      if (!Number.isFinite(value)) {
        throw new EatError('BAD_NUMBER', `JSON has no number ${value}.`);
      }
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      break;
    default:
      throw new EatError('INVALID_TYPE', `JSON has no ${typeof value}.`);
  }
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) {
      text += i === 0 ? canonicalize(value[i]) : `,${canonicalize(value[i])}`;
    }
    return `${text}]`;
  }
  const names = Object.keys(value).sort();
  let text = '{';
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    text += `${i === 0 ? '' : ','}${canonicalString(name)}:${canonicalize(
      value[name],
    )}`;
  }
  return `${text}}`;
}

function canonicalString(text: string): string {
  if (!isWellFormed(text)) {
    throw new EatError(
      'BAD_ENCODING',
      'A text has half of a surrogate pair. Write whole characters.',
    );
  }
  return JSON.stringify(text);
}

/**
 * SHA-256 over bytes, or over a text's UTF-8, in EAT's form.
 *
 * @public
 */
export function sha256(data: Uint8Array | string): Sha256 {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/**
 * SHA-256 over the canonical form ({@link canonicalize}).
 *
 * @throws EatError as {@link canonicalize}
 *
 * @public
 */
export function canonicalHash(value: JsonValue): Sha256 {
  return sha256(canonicalize(value));
}
