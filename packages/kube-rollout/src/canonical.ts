import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and without insignificant space: equal values give equal texts. Values come from JSON or
 * YAML, so there is nothing in them that RFC 8785 would treat differently but exotic numbers, which Kubernetes refuses.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map(item => canonical(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    const fields = Object.keys(record)
      .filter(key => record[key] !== undefined)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(record[key])}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** SHA-256 in hex over the canonical form. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}
