/**
 * Characters that a reader does not see or that reorder what is seen: soft hyphen, zero-width, bidirectional controls, line and
 * paragraph separators, tags.
 */
const UNSAFE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
const ALL_UNSAFE = new RegExp(UNSAFE, 'gu');

/** Whether a text hides something from its reader. */
export function hasUnsafeText(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * A text as it may be shown to humans and models: without characters that hide or reorder. Never used in hashes.
 *
 * @public
 */
export function stripUnsafeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, '') : text;
}
