/**
 * Tool registry: sources, snapshots, verification and health.
 *
 * @packageDocumentation
 */

export { toolRegistryPlugin as default } from './plugin';
