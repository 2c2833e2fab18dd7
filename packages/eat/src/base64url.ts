const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** Base64url without padding (RFC 7515 section 2). */
export function encodeBase64url(bytes: Uint8Array | string): string {
  return Buffer.from(bytes as Uint8Array).toString('base64url');
}

/**
 * Decodes base64url strictly: nothing outside of the alphabet, no padding, canonical last bits. `undefined` for anything else, so
 * that one signature has one spelling.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) {
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
