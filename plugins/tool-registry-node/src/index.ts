/**
 * Extension points of the tool registry.
 *
 * @packageDocumentation
 */

export * from './sources';
