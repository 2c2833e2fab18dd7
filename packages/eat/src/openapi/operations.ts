import { asObject } from '../catalog';
import { EatError } from '../errors';
import { escapePointer } from '../strictJson';
import type { JsonObject, JsonValue } from '../strictJson';
import { dereference, refuseRemoteReferences } from './reference';

/** One operation of an OpenAPI document that is to be a tool. */
export interface ToolOperation {
  /** Upper case. */
  verb: string;
  /** Path template. */
  path: string;
  operation: JsonObject;
  /** The extension as it stands. */
  extension: JsonValue;
  /** Parameters of path item and operation, resolved; the operation's replace equal ones. */
  parameters: { name: string; in: string }[];
  /** Names of the JSON body's members, as far as its schema lists them. */
  bodyMembers: string[];
  /** Whether the body may have members that no schema lists. */
  hasOpenBody: boolean;
  pointer: string;
}

const VERBS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
];

/**
 * The operations with `x-mcp-tool`, in the document's order.
 *
 * @throws EatError `SPEC_INVALID`, `SPEC_UNSAFE`
 */
export function operationsOf(document: JsonObject): ToolOperation[] {
  refuseRemoteReferences(document, document, '');
  const found: ToolOperation[] = [];
  if (document.paths === undefined) {
    return found;
  }
  const paths = asObject(document.paths);
  if (!paths) {
    throw new EatError('SPEC_INVALID', 'The paths are no object.', {
      pointer: '/paths',
    });
  }
  for (const [path, value] of Object.entries(paths)) {
    if (!path.startsWith('/')) {
      continue;
    }
    const itemPointer = `/paths/${escapePointer(path)}`;
    const item = dereference(value, document, itemPointer);
    for (const verb of VERBS) {
      const operation = asObject(item?.[verb]);
      if (!item || !operation || operation['x-mcp-tool'] === undefined) {
        continue;
      }
      const pointer = `${itemPointer}/${verb}`;
      found.push({
        verb: verb.toUpperCase(),
        path,
        operation,
        extension: operation['x-mcp-tool'],
        parameters: parametersOf(item, operation, document, pointer),
        ...bodyOf(operation, document, pointer),
        pointer,
      });
    }
  }
  return found;
}

function parametersOf(
  item: JsonObject,
  operation: JsonObject,
  document: JsonObject,
  pointer: string,
): ToolOperation['parameters'] {
  const byKey = new Map<string, { name: string; in: string }>();
  for (const list of [item.parameters, operation.parameters]) {
    if (list !== undefined && !Array.isArray(list)) {
      throw new EatError('SPEC_INVALID', 'The parameters are no list.', {
        pointer,
      });
    }
    for (const value of list ?? []) {
      const parameter = dereference(value, document, pointer);
      if (
        typeof parameter?.name !== 'string' ||
        typeof parameter.in !== 'string'
      ) {
        throw new EatError(
          'SPEC_INVALID',
          'A parameter needs "name" and "in".',
          { pointer },
        );
      }
      byKey.set(`${parameter.in} ${parameter.name}`, {
        name: parameter.name,
        in: parameter.in,
      });
    }
  }
  return [...byKey.values()];
}

function bodyOf(
  operation: JsonObject,
  document: JsonObject,
  pointer: string,
): Pick<ToolOperation, 'bodyMembers' | 'hasOpenBody'> {
  const at = `${pointer}/requestBody`;
  const content = asObject(
    dereference(operation.requestBody, document, at)?.content,
  );
  if (!content) {
    return { bodyMembers: [], hasOpenBody: false };
  }
  const media = asObject(content['application/json']);
  const schema = dereference(media?.schema, document, at);
  const names = new Set<string>();
  const open = collectMembers(schema, document, at, names, new Set());
  return { bodyMembers: [...names], hasOpenBody: open };
}

/** Collects the members that a schema lists; says whether there may be others. */
function collectMembers(
  schema: JsonObject | undefined,
  document: JsonObject,
  pointer: string,
  names: Set<string>,
  seen: Set<JsonObject>,
): boolean {
  if (!schema || seen.has(schema)) {
    return true;
  }
  seen.add(schema);
  const properties = asObject(schema.properties);
  Object.keys(properties ?? {}).forEach(name => names.add(name));
  const parts = [schema.allOf, schema.oneOf, schema.anyOf].flatMap(list =>
    Array.isArray(list) ? list : [],
  );
  let open =
    schema.additionalProperties === undefined
      ? !properties && parts.length === 0
      : schema.additionalProperties !== false;
  for (const part of parts) {
    open =
      collectMembers(
        dereference(part, document, pointer),
        document,
        pointer,
        names,
        seen,
      ) || open;
  }
  return open;
}
