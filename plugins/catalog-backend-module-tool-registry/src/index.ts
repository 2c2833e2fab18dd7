/**
 * Entity model and entity provider for the tools, servers and catalogs of the tool registry.
 *
 * @packageDocumentation
 */

export { catalogModuleToolRegistry as default } from './module';
