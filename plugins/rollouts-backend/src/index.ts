/**
 * Backend of rollouts.
 *
 * @packageDocumentation
 */
export { rolloutsPlugin as default } from './plugin';
