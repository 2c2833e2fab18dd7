import { asObject } from '../catalog';
import { EatError, quoted } from '../errors';
import type { JsonObject, JsonValue } from '../strictJson';

const MAX_HOPS = 32;

/**
 * Follows a `$ref` within the document (RFC 6901 fragment) to what it means; anything else is given back as it is.
 *
 * @throws EatError `SPEC_UNSAFE` (another document), `SPEC_INVALID` (no such place, a circle)
 */
export function dereference(
  value: JsonValue | undefined,
  document: JsonObject,
  pointer: string,
): JsonObject | undefined {
  let object = asObject(value);
  for (let hops = 0; object && object.$ref !== undefined; hops++) {
    const { $ref } = object;
    if (typeof $ref !== 'string' || hops >= MAX_HOPS) {
      throw new EatError(
        'SPEC_INVALID',
        `The $ref ${quoted($ref)} leads nowhere.`,
        { pointer },
      );
    }
    object = asObject(placeOf($ref, document, pointer));
    if (!object) {
      throw new EatError(
        'SPEC_INVALID',
        `The $ref ${quoted($ref)} points to nothing in this spec.`,
        { pointer },
      );
    }
  }
  return object;
}

function placeOf(
  ref: string,
  document: JsonObject,
  pointer: string,
): JsonValue | undefined {
  if (!ref.startsWith('#')) {
    throw new EatError(
      'SPEC_UNSAFE',
      `The $ref ${quoted(
        ref,
      )} points to another document, which the spec's hash does not cover. Bundle the spec into one file.`,
      { pointer },
    );
  }
  let fragment: string;
  try {
    fragment = decodeURIComponent(ref.slice(1));
  } catch {
    return undefined;
  }
  if (fragment !== '' && !fragment.startsWith('/')) {
    return undefined;
  }
  let place: JsonValue | undefined = document;
  for (const part of fragment.split('/').slice(1)) {
    const name = part.replace(/~1/g, '/').replace(/~0/g, '~');
    place =
      typeof place === 'object' && place !== null && Object.hasOwn(place, name)
        ? (place as JsonObject)[name]
        : undefined;
  }
  return place;
}

/**
 * Refuses every `$ref` to another document, wherever it stands as a reference: what the hash does not cover must not shape a tool.
 *
 * @throws EatError `SPEC_UNSAFE`
 */
export function refuseRemoteReferences(
  value: JsonValue,
  document: JsonObject,
  pointer: string,
): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    const at = `${pointer}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    // In examples and the like, $ref is data.
    if (/^(?:x-.*|example|examples|default|enum|const)$/.test(name)) {
      continue;
    }
    if (name === '$ref' && typeof child === 'string') {
      placeOf(child, document, at);
    }
    refuseRemoteReferences(child, document, at);
  }
}
