/**
 * Signs tool catalogs and publishes them.
 *
 * @packageDocumentation
 */

export { catalogSigningPlugin as default } from './plugin';
