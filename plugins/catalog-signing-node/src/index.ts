/**
 * Extension points of catalog signing: key stores and sources of OpenAPI documents.
 *
 * @packageDocumentation
 */

export * from './signers';
export * from './specSources';
