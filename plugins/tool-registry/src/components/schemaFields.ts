import type { JsonObject, JsonValue } from '@backstage/types';

/** One field of a schema, for people. */
export interface SchemaField {
  /** Dotted path; `[]` stands for each item of a list. */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

// Schemas come from strangers: what is shown of them is bounded.
const maxDepth = 5;
const maxFields = 200;

/** Lists the fields of an object schema with those of the objects inside it. */
export function describeFields(schema: JsonObject): SchemaField[] {
  const fields: SchemaField[] = [];
  collect(schema, '', 0, fields);
  return fields.slice(0, maxFields);
}

function collect(
  schema: JsonObject,
  prefix: string,
  depth: number,
  fields: SchemaField[],
) {
  if (depth > maxDepth || fields.length >= maxFields) return;
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const [name, value] of Object.entries(asObject(schema.properties))) {
    const property = asObject(value);
    const path = prefix + name;
    fields.push({
      path,
      type: describeType(property),
      required: required.includes(name),
      description: describeMeaning(property),
    });
    collect(property, `${path}.`, depth + 1, fields);
    collect(asObject(property.items), `${path}[].`, depth + 1, fields);
  }
}

function describeType(schema: JsonObject): string {
  if (Array.isArray(schema.enum)) {
    return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  for (const key of ['anyOf', 'oneOf'] as const) {
    const options = schema[key];
    if (Array.isArray(options)) {
      return options.map(option => describeType(asObject(option))).join(' | ');
    }
  }
  if (schema.type === 'array') {
    return `${describeType(asObject(schema.items))}[]`;
  }
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  return typeof schema.type === 'string' ? schema.type : 'any';
}

function describeMeaning(schema: JsonObject): string {
  const parts = [
    typeof schema.description === 'string' ? schema.description : '',
    bound('minimum', schema.minimum),
    bound('maximum', schema.maximum),
    bound('pattern', schema.pattern),
    schema.default === undefined
      ? ''
      : `Default: ${JSON.stringify(schema.default)}.`,
  ];
  return parts.filter(Boolean).join(' ');
}

function bound(name: string, value: JsonValue | undefined): string {
  return value === undefined ? '' : `${name}: ${value}.`;
}

function asObject(value: JsonValue | undefined): JsonObject {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
