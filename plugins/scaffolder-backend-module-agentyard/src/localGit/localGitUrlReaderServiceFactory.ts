import { createServiceFactory } from '@backstage/backend-plugin-api';
import { urlReaderFactoriesServiceRef } from '@backstage/backend-defaults/urlReader';
import { LocalGitUrlReader } from './LocalGitUrlReader';
import { readLocalGitConfig } from './readLocalGitConfig';

/**
 * Lets the backend read `localgit://<repository>/<path>`: files in the repositories that the action
 * `agentyard:publish:local-git` makes. Without `agentyard.localGit.directory` it reads nothing.
 *
 * @example
 * ```ts
 * backend.add(localGitUrlReaderServiceFactory);
 * ```
 *
 * @public
 */
export const localGitUrlReaderServiceFactory = createServiceFactory({
  service: urlReaderFactoriesServiceRef,
  deps: {},
  async factory() {
    return ({ config, treeResponseFactory }) => {
      const repositories = readLocalGitConfig(config);
      return repositories
        ? [
            {
              reader: new LocalGitUrlReader(repositories, treeResponseFactory),
              predicate: url => url.protocol === 'localgit:',
            },
          ]
        : [];
    };
  },
});
