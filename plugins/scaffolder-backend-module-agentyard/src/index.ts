/**
 * Scaffolder actions of Agentyard.
 *
 * @packageDocumentation
 */

export { scaffolderModuleAgentyard as default } from './module';
