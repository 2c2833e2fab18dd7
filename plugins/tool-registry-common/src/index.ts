/**
 * Types, permissions and typed client of the tool registry.
 *
 * @packageDocumentation
 */

export * from './client';
export * from './entities';
export * from './events';
export * from './permissions';
export * from './types';
export * from './verdict';
