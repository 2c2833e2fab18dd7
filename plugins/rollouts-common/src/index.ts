/**
 * Types, permissions and typed client of rollouts, for frontends and backends alike.
 *
 * @packageDocumentation
 */
export * from './cluster';
export * from './plan';
export * from './run';
export * from './release';
export * from './permissions';
export * from './signals';
export * from './errors';
export * from './RolloutsClient';
