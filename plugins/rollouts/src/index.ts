/**
 * Pages of rollouts.
 *
 * @packageDocumentation
 */
export { rolloutsPlugin, rolloutsPlugin as default } from './plugin';
export { rolloutsApiRef } from './api';
export { rolloutsTranslationRef } from './translation';
