import { createHash } from 'node:crypto';

/** Longest name that the catalog takes. */
const MAX_LENGTH = 63;
const HASH_LENGTH = 8;

/**
 * A valid entity name for any text: the text itself where it is one, else what is valid of it with
 * a hash of the whole, so that different texts keep different names.
 */
export function toEntityName(text: string): string {
  const name = keepValid(text);
  return name === text && name.length > 0 && name.length <= MAX_LENGTH
    ? name
    : toHashedEntityName(text);
}

/** As {@link toEntityName}, always with the hash; `identity` is what is hashed. */
export function toHashedEntityName(text: string, identity = text): string {
  const stem = keepValid(
    keepValid(text).slice(0, MAX_LENGTH - HASH_LENGTH - 1),
  );
  const hash = sha256Hex(identity).slice(0, HASH_LENGTH);
  return stem ? `${stem}-${hash}` : hash;
}

/** Id of a server: the start of the SHA-256 of its normalised URL. */
export function toServerId(url: string): string {
  return sha256Hex(normaliseServerUrl(url)).slice(0, 16);
}

/** One spelling for one endpoint. */
export function normaliseServerUrl(text: string): string {
  if (!URL.canParse(text)) {
    return text;
  }
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

function keepValid(text: string) {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function sha256Hex(text: string) {
  return createHash('sha256').update(text).digest('hex');
}
