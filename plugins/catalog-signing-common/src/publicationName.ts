/**
 * What a publication, and a service made from a template, may be called: 3 to 40 lower-case letters, digits and hyphens,
 * a letter first, no hyphen last. The template form, the scaffolder actions and the API share this rule.
 *
 * @public
 */
export const PUBLICATION_NAME_PATTERN = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/;
