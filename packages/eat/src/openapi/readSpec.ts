import { LineCounter, parseDocument } from 'yaml';
import { asObject } from '../catalog';
import { EatError, quoted } from '../errors';
import type { SpecFile } from '../generateCatalog';
import { MAX_SPEC_BYTES } from '../specs';
import { decodeUtf8, isWellFormed, parseJson } from '../strictJson';
import type { JsonObject } from '../strictJson';

/** Uses of YAML anchors in one spec; a bomb multiplies them. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 64;

/**
 * Reads an OpenAPI 3.0 or 3.1 document strictly: bounded, without duplicate names, as plain JSON data.
 *
 * @throws EatError `SPEC_INVALID`, `SPEC_UNSAFE`, and those of {@link parseJson}
 */
export function readSpec({ path, content }: SpecFile): JsonObject {
  if (content.length > MAX_SPEC_BYTES) {
    throw new EatError(
      'TOO_LARGE',
      `The spec has more than ${MAX_SPEC_BYTES} bytes. Split it.`,
    );
  }
  const text = typeof content === 'string' ? content : decodeUtf8(content);
  const value = /\.json$/i.test(path)
    ? parseJson(text, { maxBytes: MAX_SPEC_BYTES })
    : parseYaml(text);
  const document = asObject(value as JsonObject);
  if (!document) {
    throw invalid('The spec is no object.', '');
  }
  if (
    typeof document.openapi !== 'string' ||
    !/^3\.[01]\.\d+$/.test(document.openapi)
  ) {
    throw invalid(
      `The spec's "openapi" is ${quoted(
        document.openapi ?? document.swagger ?? null,
      )}; 3.0 and 3.1 are read.`,
      '/openapi',
    );
  }
  return document;
}

function invalid(message: string, pointer?: string): EatError {
  return new EatError('SPEC_INVALID', message, { pointer });
}

/** YAML 1.2 core schema as JSON data. */
function parseYaml(text: string): unknown {
  refuseDeepFlow(text);
  const lineCounter = new LineCounter();
  let value: unknown;
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      stringKeys: true,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter,
    });
    if (document.errors.length > 0) {
      const [{ code, message, pos }] = document.errors;
      if (code === 'RESOURCE_EXHAUSTION') {
        throw tooDeep('');
      }
      const { line, col } = lineCounter.linePos(pos[0]);
      throw new EatError(
        code === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'SPEC_INVALID',
        `The spec is no YAML (line ${line}, column ${col}): ${quoted(
          message,
        )}.`,
      );
    }
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    if (cause instanceof EatError) {
      throw cause;
    }
    throw new EatError(
      'SPEC_UNSAFE',
      `The spec's YAML is not read: ${quoted(
        (cause as Error).message,
      )}. Write it with at most ${MAX_ALIASES} uses of anchors and ${MAX_DEPTH} levels.`,
      { cause },
    );
  }
  checkPlain(value, '', 0);
  return value;
}

/** The parser recurses: refuse before it what could only be an attempt to exhaust its stack. */
function refuseDeepFlow(text: string): void {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    // Brackets in texts and path templates come in pairs; hundreds of open ones do not.
    if (depth > 10 * MAX_DEPTH) {
      throw tooDeep('');
    }
    depth = Math.max(depth, 0);
  }
}

function tooDeep(pointer: string): EatError {
  return new EatError(
    'SPEC_UNSAFE',
    `The spec nests deeper than ${MAX_DEPTH} levels, or holds itself.`,
    { pointer },
  );
}

/** Refuses what JSON has not. An alias that holds itself shows as endless depth. */
function checkPlain(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid(`There is no number ${value} in JSON.`, pointer);
  }
  if (typeof value === 'string' && !isWellFormed(value)) {
    throw new EatError(
      'BAD_ENCODING',
      'The text has half of a surrogate pair.',
      { pointer },
    );
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth >= MAX_DEPTH) {
    throw tooDeep(pointer);
  }
  for (const [name, child] of Object.entries(value)) {
    checkPlain(child, `${pointer}/${name}`, depth + 1);
  }
}
