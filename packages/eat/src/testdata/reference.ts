import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JsonObject } from '../strictJson';

/** A file of the worked example that all formats share: one catalog of did:web:tools.example.org in every carrier. */
export function reference(name: string): Buffer {
  return readFileSync(resolve(__dirname, 'reference', name));
}

/** A token of the worked example. */
export function referenceToken(name: string): string {
  return reference(name).toString('ascii').trim();
}

/** A document of the worked example, parsed. */
export function referenceJson(name: string): JsonObject {
  return JSON.parse(reference(name).toString('utf8'));
}

export const REFERENCE_DID = 'did:web:tools.example.org';
export const REFERENCE_URL =
  'https://tools.example.org/.well-known/api-catalog';
/** Within the lifetime of the example's signatures. */
export const REFERENCE_CLOCK = new Date('2026-09-01T12:00:00Z');
