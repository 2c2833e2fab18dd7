import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { RootConfigService } from '@backstage/backend-plugin-api';
import { PUBLICATION_NAME_PATTERN } from '@agentyard/plugin-catalog-signing-common';
import { ActionConflictError, ActionInputError } from '../../errors';
import { readLocalGitConfig } from '../../localGit/readLocalGitConfig';
import { examples } from './localGit.examples';

/** Action `agentyard:publish:local-git`. */
export function createPublishLocalGitAction(options: {
  config: RootConfigService;
}) {
  const { config } = options;
  return createTemplateAction({
    id: 'agentyard:publish:local-git',
    description:
      'Publishes the workspace to a new bare Git repository on the disk of this portal.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z =>
          z
            .string()
            .regex(
              PUBLICATION_NAME_PATTERN,
              'INVALID_NAME: use 3 to 40 lower-case letters, digits and hyphens, a letter first, no hyphen last',
            )
            .describe('Name of the repository, without `.git`'),
        defaultBranch: z =>
          z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
            .optional()
            .describe('Branch of the first commit. Default: main'),
        commitMessage: z =>
          z
            .string()
            .min(1)
            .max(1000)
            .optional()
            .describe('Message of the first commit. Default: Initial commit'),
      },
      output: {
        remoteUrl: z => z.string().describe('Address for git clone'),
        repoContentsUrl: z =>
          z.string().describe('Root of the files, as this portal reads them'),
        catalogInfoUrl: z =>
          z
            .string()
            .describe('Address of catalog-info.yaml, for catalog:register'),
        commitHash: z => z.string().optional().describe('The first commit'),
      },
    },
    async handler(ctx) {
      const {
        name,
        defaultBranch = 'main',
        commitMessage = 'Initial commit',
      } = ctx.input;
      const repositories = readLocalGitConfig(config);
      if (!repositories) {
        throw new ActionInputError(
          'LOCAL_GIT_NOT_CONFIGURED',
          'This portal has no folder for local repositories. Set agentyard.localGit.directory, or publish to a Git host.',
        );
      }
      const contentsUrl = repositories.contentsUrl(name);
      ctx.output('remoteUrl', repositories.remoteUrl(name));
      ctx.output('repoContentsUrl', contentsUrl);
      ctx.output('catalogInfoUrl', `${contentsUrl}catalog-info.yaml`);
      if (ctx.isDryRun) {
        if (repositories.exists(name)) {
          throw new ActionConflictError(
            'REPOSITORY_EXISTS',
            `There is a repository "${name}" already. Choose another name.`,
          );
        }
        ctx.logger.info(`Dry run: would make the repository "${name}"`);
        return;
      }

      const profile = ctx.user?.entity?.spec?.profile;
      const author = {
        name:
          profile?.displayName ??
          ctx.user?.entity?.metadata.name ??
          config.getOptionalString('scaffolder.defaultAuthor.name') ??
          'Scaffolder',
        email:
          profile?.email ??
          config.getOptionalString('scaffolder.defaultAuthor.email') ??
          'scaffolder@localhost',
      };
      const commitHash = await ctx.checkpoint({
        key: `agentyard.publish.local-git.${name}`,
        fn: async () => {
          const created = await repositories.create({
            name,
            folder: ctx.workspacePath,
            branch: defaultBranch,
            message: commitMessage,
            author,
            // Where the process dies between the commit and the checkpoint, the repeated step finds its own work.
            key: `task:${ctx.task.id}`,
          });
          return created.commitHash;
        },
      });
      ctx.logger.info(`Published ${name} at ${commitHash}`);
      ctx.output('commitHash', commitHash);
    },
  });
}
