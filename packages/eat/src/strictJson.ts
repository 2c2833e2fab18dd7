import { EatError, quoted } from './errors';

/**
 * A JSON value.
 *
 * @public
 */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | JsonObject;

/**
 * A JSON object.
 *
 * @public
 */
export interface JsonObject {
  [name: string]: JsonValue;
}

/**
 * Bounds of {@link parseJson}.
 *
 * @public
 */
export interface ParseJsonOptions {
  /** Cap in bytes of UTF-8. Default 5 MiB, the cap of a catalog. */
  maxBytes?: number;
  /** Deepest nesting of objects and arrays. Default 64. */
  maxDepth?: number;
}

/** Cap of a catalog in bytes, decoded. */
export const MAX_CATALOG_BYTES = 5 * 1024 * 1024;

const MAX_DEPTH = 64;

/**
 * Reads JSON (RFC 8259) strictly, so that all readers see the same tree: UTF-8 without BOM, no duplicate names at any
 * depth, no lone surrogates, no number beyond a double, bounded size and depth. Give it the bytes as received.
 *
 * A string is taken as text that was decoded before; then only the encoding check is left out.
 *
 * @example
 * ```ts
 * parseJson(Buffer.from('{"a":1,"a":2}')); // throws EatError DUPLICATE_KEY at /a
 * ```
 *
 * @throws EatError `TOO_LARGE`, `BAD_ENCODING`, `TOO_DEEP`, `INVALID_JSON`, `DUPLICATE_KEY`, `BAD_NUMBER`
 *
 * @public
 */
export function parseJson(
  input: Uint8Array | string,
  options: ParseJsonOptions = {},
): JsonValue {
  const maxBytes = options.maxBytes ?? MAX_CATALOG_BYTES;
  if (input.length > maxBytes) {
    throw new EatError(
      'TOO_LARGE',
      `The document has more than ${maxBytes} bytes. Make it smaller or split it.`,
    );
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const members = countMembers(text, options.maxDepth ?? MAX_DEPTH);
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EatError(
      'INVALID_JSON',
      `The document is not JSON: ${quoted((cause as Error).message)}`,
      { cause },
    );
  }
  // JSON.parse keeps the last of equal names. So a tree with fewer members than the text has lost some.
  const inspection: Inspection = { members: 0, infinite: false };
  inspect(value, inspection);
  if (inspection.members !== members) {
    throw duplicateKey(text);
  }
  // What was decoded from UTF-8 can hold a lone surrogate only as an escape.
  if (inspection.infinite || text.includes('\\u') || !isWellFormed(text)) {
    const error = findUninteroperable(value, '');
    if (error) {
      throw error;
    }
  }
  return value;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8, refusing what is not.
 *
 * @throws EatError `BAD_ENCODING`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new EatError(
      'BAD_ENCODING',
      'The document is not UTF-8. Save it as UTF-8 without BOM.',
      { cause },
    );
  }
  if (text.charCodeAt(0) === 0xfeff) {
    throw new EatError(
      'BAD_ENCODING',
      'The document starts with a byte order mark. Save it as UTF-8 without BOM.',
    );
  }
  return text;
}

/** Whether no surrogate stands alone. In every Node we run on; only the compiler's library is older. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index of the closing quote of the string whose first character stands at `start`; the text's length if none closes it. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1) {
    let before = end - 1;
    while (before >= start && text.charCodeAt(before) === BACKSLASH) {
      before--;
    }
    if ((end - 1 - before) % 2 === 0) {
      return end;
    }
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Counts object members (colons outside strings) and refuses what nests too deep, in one pass without recursion. */
function countMembers(text: string, maxDepth: number): number {
  let members = 0;
  let depth = 0;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === SPACE) {
      continue;
    }
    switch (code) {
      case QUOTE:
        i = endOfString(text, i + 1);
        break;
      case 0x3a: // :
        members++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > maxDepth) {
          throw new EatError(
            'TOO_DEEP',
            `The document nests deeper than ${maxDepth} levels. Flatten it.`,
          );
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      default:
    }
  }
  return members;
}

interface Inspection {
  members: number;
  infinite: boolean;
}

/** Counts the tree's members, and sees whether a number became infinite. */
function inspect(value: JsonValue, found: Inspection): void {
  if (typeof value === 'number') {
    found.infinite ||= !Number.isFinite(value);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      inspect(item, found);
    }
  } else if (value !== null && typeof value === 'object') {
    const names = Object.keys(value);
    found.members += names.length;
    for (const name of names) {
      inspect(value[name], found);
    }
  }
}

/** The error for the first text or number that is not interoperable (RFC 7493), if there is one. */
function findUninteroperable(
  value: JsonValue,
  pointer: string,
): EatError | undefined {
  if (typeof value === 'string') {
    return isWellFormed(value) ? undefined : loneSurrogate(pointer);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? undefined
      : new EatError(
          'BAD_NUMBER',
          `The number at ${quoted(pointer)} is beyond what a double holds.`,
          { pointer },
        );
  }
  if (value === null || typeof value !== 'object') {
    return undefined;
  }
  for (const [name, child] of Object.entries(value)) {
    const error = isWellFormed(name)
      ? findUninteroperable(child, `${pointer}/${escapePointer(name)}`)
      : loneSurrogate(pointer);
    if (error) {
      return error;
    }
  }
  return undefined;
}

function loneSurrogate(pointer: string): EatError {
  return new EatError(
    'BAD_ENCODING',
    `The text at ${quoted(
      pointer,
    )} has half of a surrogate pair. Write whole characters.`,
    { pointer },
  );
}

/** One name as part of a JSON Pointer (RFC 6901). */
export function escapePointer(name: string): string {
  return name.includes('~') || name.includes('/')
    ? name.replace(/~/g, '~0').replace(/\//g, '~1')
    : name;
}

/** Finds the first doubled name of a text that is valid JSON. Only for the message: slow, but called at most once. */
function duplicateKey(text: string): EatError {
  interface Frame {
    pointer: string;
    names: Set<string> | undefined;
    index: number;
    name: string;
  }
  const frames: Frame[] = [];
  const childPointer = () => {
    const frame = frames.at(-1);
    if (!frame) {
      return '';
    }
    return `${frame.pointer}/${
      frame.names ? escapePointer(frame.name) : frame.index
    }`;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const frame = frames.at(-1);
    if (c === '"') {
      const end = endOfString(text, i + 1);
      if (frame?.names && /^[ \t\r\n]*:/.test(text.slice(end + 1, end + 64))) {
        frame.name = JSON.parse(text.slice(i, end + 1));
        if (frame.names.has(frame.name)) {
          const pointer = childPointer();
          return new EatError(
            'DUPLICATE_KEY',
            `The name ${quoted(
              frame.name,
            )} stands twice in one object, at ${quoted(pointer)}. Keep one.`,
            { pointer },
          );
        }
        frame.names.add(frame.name);
      }
      i = end;
    } else if (c === '{' || c === '[') {
      frames.push({
        pointer: childPointer(),
        names: c === '{' ? new Set() : undefined,
        index: 0,
        name: '',
      });
    } else if (c === '}' || c === ']') {
      frames.pop();
    } else if (c === ',' && frame) {
      frame.index++;
    }
  }
  return new EatError(
    'DUPLICATE_KEY',
    'A name stands twice in one object. Keep one.',
  );
}
