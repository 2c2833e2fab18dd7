import { createHash } from 'node:crypto';
import { EatError } from './errors';
import { isWellFormed } from './strictJson';
import type { JsonObject, JsonValue } from './strictJson';

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
  const form: OrderedForm = { exact: true };
  const ordered = orderMembers(value, form);
  // The engine writes strings and numbers as RFC 8785 demands (it is defined by ECMAScript's own), and fastest.
  const text = form.exact ? JSON.stringify(ordered) : write(value);
  // Lone surrogates, and they alone, come out escaped like this; so may a text with a backslash in it.
  if (text.includes('\\ud')) {
    checkTexts(value);
  }
  return text;
}

interface OrderedForm {
  /** Whether the engine keeps the members in the order in which they were put in. */
  exact: boolean;
}

/** The value with all members sorted, sharing what is in order already; refuses what is not JSON. */
function orderMembers(value: JsonValue, form: OrderedForm): JsonValue {
  if (typeof value !== 'object') {
    checkScalar(value);
    return value;
  }
  if (value === null) {
    return null;
  }
  if (Array.isArray(value)) {
    let copy: JsonValue[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const item = orderMembers(value[i], form);
      if (item !== value[i]) {
        copy ??= value.slice();
        copy[i] = item;
      }
    }
    return copy ?? value;
  }
  const names = Object.keys(value);
  let copy: JsonObject | undefined;
  if (!isSorted(names)) {
    names.sort();
    copy = {};
  }
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const child = value[name];
    const item = orderMembers(child, form);
    if (!copy && item !== child) {
      copy = {};
      for (let before = 0; before < i; before++) {
        put(copy, names[before], value[names[before]], form);
      }
    }
    if (copy) {
      put(copy, name, item, form);
    }
  }
  return copy ?? value;
}

function isSorted(names: string[]): boolean {
  for (let i = 1; i < names.length; i++) {
    if (names[i - 1] > names[i]) {
      return false;
    }
  }
  return true;
}

function put(
  copy: JsonObject,
  name: string,
  item: JsonValue,
  form: OrderedForm,
): void {
  const first = name.charCodeAt(0);
  // An object lists names that look like array indices by their number, before all others.
  if ((first >= 0x30 && first <= 0x39) || name === '__proto__') {
    form.exact = false;
  } else {
    copy[name] = item;
  }
}

/** The canonical text of a value that was checked, whatever its names. */
function write(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(write).join(',')}]`;
  }
  return `{${Object.keys(value)
    .sort()
    .map(name => `${JSON.stringify(name)}:${write(value[name])}`)
    .join(',')}}`;
}

function checkScalar(value: JsonValue): void {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) {
        throw new EatError('BAD_NUMBER', `JSON has no number ${value}.`);
      }
      break;
    case 'string':
    case 'boolean':
      break;
    default:
      throw new EatError('INVALID_TYPE', `JSON has no ${typeof value}.`);
  }
}

/** Refuses lone surrogates in texts and names. */
function checkTexts(value: JsonValue): void {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) {
      throw new EatError(
        'BAD_ENCODING',
        'A text has half of a surrogate pair. Write whole characters.',
      );
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      checkTexts(name);
      checkTexts(child);
    }
  }
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
