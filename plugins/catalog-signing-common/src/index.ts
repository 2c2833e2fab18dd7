/**
 * Types, permissions and typed client of catalog signing.
 *
 * @packageDocumentation
 */

export * from './types';
export * from './permissions';
export * from './publicationName';
export * from './CatalogSigningClient';
