/**
 * Scaffolder actions of Agentyard, and the reader of local Git repositories.
 *
 * @packageDocumentation
 */

export { scaffolderModuleAgentyard as default } from './module';
export { localGitUrlReaderServiceFactory } from './localGit/localGitUrlReaderServiceFactory';
