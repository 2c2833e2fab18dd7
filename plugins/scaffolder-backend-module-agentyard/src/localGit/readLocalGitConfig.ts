import path from 'node:path';
import { RootConfigService } from '@backstage/backend-plugin-api';
import { LocalGitRepositories } from './LocalGitRepositories';

/** Opens the folder at `agentyard.localGit.directory`; `undefined` when none is configured. */
export function readLocalGitConfig(
  config: RootConfigService,
): LocalGitRepositories | undefined {
  const directory = config.getOptionalString('agentyard.localGit.directory');
  return directory === undefined
    ? undefined
    : new LocalGitRepositories(path.resolve(directory));
}
