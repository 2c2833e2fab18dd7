/**
 * Pages of the tool registry.
 *
 * @packageDocumentation
 */
export { toolRegistryPlugin, toolRegistryPlugin as default } from './plugin';
export { toolRegistryApiRef } from './api';
export { toolRegistryTranslationRef } from './translation';
