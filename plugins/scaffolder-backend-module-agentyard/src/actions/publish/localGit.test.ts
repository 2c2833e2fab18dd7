import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import git from 'isomorphic-git';
import yaml from 'yaml';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { actionContext } from '../../testing/actionContext';
import { createPublishLocalGitAction } from './localGit';
import { examples } from './localGit.examples';

const hasGit = (() => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

describe('agentyard:publish:local-git', () => {
  const disk = createMockDirectory();
  const action = () =>
    createPublishLocalGitAction({
      config: mockServices.rootConfig({
        data: { agentyard: { localGit: { directory: disk.resolve('git') } } },
      }),
    });

  const context = (input: object, options: object = {}) =>
    actionContext(input, {
      workspacePath: disk.resolve('workspace'),
      ...options,
    });

  beforeEach(() => {
    disk.clear();
    disk.setContent({
      workspace: {
        'catalog-info.yaml': 'kind: Component\n',
        src: { 'server.ts': 'export {};\n' },
        '.gitignore': 'node_modules\n',
        node_modules: { left: { 'pad.js': '' } },
      },
    });
  });

  it('makes a bare repository that holds the workspace in one commit by the user', async () => {
    const { ctx, outputs } = context(
      { name: 'orders-tools' },
      {
        user: {
          ref: 'user:default/mira',
          entity: {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'User',
            metadata: { name: 'mira' },
            spec: { profile: { displayName: 'Mira', email: 'm@example.org' } },
          },
        },
      },
    );
    await action().handler(ctx);

    expect(outputs).toEqual({
      remoteUrl: expect.stringMatching(/^file:.*\/orders-tools\.git$/),
      repoContentsUrl: 'localgit://orders-tools/',
      catalogInfoUrl: 'localgit://orders-tools/catalog-info.yaml',
      commitHash: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    const gitdir = fileURLToPath(outputs.remoteUrl);
    const [commit] = await git.log({ fs, gitdir });
    expect(commit.oid).toBe(outputs.commitHash);
    expect(commit.commit).toMatchObject({
      message: 'Initial commit\n',
      author: { name: 'Mira', email: 'm@example.org' },
    });
    expect(await git.currentBranch({ fs, gitdir })).toBe('main');
    expect(await git.listFiles({ fs, gitdir, ref: 'HEAD' })).toEqual([
      '.gitignore',
      'catalog-info.yaml',
      'src/server.ts',
    ]);
    expect(fs.existsSync(disk.resolve('workspace/.git'))).toBe(false);
  });

  const itWithGit = hasGit ? it : it.skip;

  itWithGit('can be cloned by git itself', async () => {
    const { ctx, outputs } = context({ name: 'orders-tools' });
    await action().handler(ctx);
    const clone = disk.resolve('clone');
    execFileSync('git', ['clone', '--quiet', outputs.remoteUrl, clone]);
    execFileSync('git', ['-C', clone, 'fsck', '--strict']);
    expect(fs.readFileSync(path.join(clone, 'src/server.ts'), 'utf8')).toBe(
      'export {};\n',
    );
  });

  it('refuses a repository that exists, and leaves it as it was', async () => {
    const first = context({ name: 'orders-tools' }, { task: { id: 'one' } });
    await action().handler(first.ctx);
    const second = context({ name: 'orders-tools' }, { task: { id: 'two' } });
    await expect(action().handler(second.ctx)).rejects.toMatchObject({
      name: 'ConflictError',
      code: 'REPOSITORY_EXISTS',
    });
    const gitdir = fileURLToPath(first.outputs.remoteUrl);
    expect(await git.log({ fs, gitdir })).toHaveLength(1);
    expect(fs.readdirSync(disk.resolve('git'))).toEqual(['orders-tools.git']);
  });

  it('finds its own repository again when the step is repeated', async () => {
    const first = context({ name: 'orders-tools' }, { task: { id: 'one' } });
    await action().handler(first.ctx);
    const again = context({ name: 'orders-tools' }, { task: { id: 'one' } });
    await action().handler(again.ctx);
    expect(again.outputs).toEqual(first.outputs);
  });

  it.each([
    '../escape',
    'Orders',
    'a',
    'ends-',
    '-starts',
    'with space',
    'x'.repeat(41),
    '.git',
  ])('refuses the name %j in the form and in the action', async name => {
    const schema = action().schema!.input as any;
    expect(schema.properties.name.pattern).toBe(
      '^[a-z][a-z0-9-]{1,38}[a-z0-9]$',
    );
    expect(name).not.toMatch(new RegExp(schema.properties.name.pattern));
    await expect(action().handler(context({ name }).ctx)).rejects.toMatchObject(
      { name: 'InputError', code: 'INVALID_NAME' },
    );
    expect(fs.existsSync(disk.resolve('git'))).toBe(false);
  });

  it('refuses an empty workspace and leaves nothing behind', async () => {
    disk.setContent({ workspace: {}, git: {} });
    await expect(
      action().handler(context({ name: 'orders-tools' }).ctx),
    ).rejects.toMatchObject({ code: 'WORKSPACE_EMPTY' });
    expect(fs.readdirSync(disk.resolve('git'))).toEqual([]);
  });

  it('says what to configure when there is no folder for repositories', async () => {
    const bare = createPublishLocalGitAction({
      config: mockServices.rootConfig({ data: {} }),
    });
    await expect(
      bare.handler(context({ name: 'orders-tools' }).ctx),
    ).rejects.toMatchObject({ code: 'LOCAL_GIT_NOT_CONFIGURED' });
  });

  it('changes nothing in a dry run', async () => {
    const { ctx, outputs } = context(
      { name: 'orders-tools' },
      { isDryRun: true },
    );
    await action().handler(ctx);
    expect(outputs.catalogInfoUrl).toBe(
      'localgit://orders-tools/catalog-info.yaml',
    );
    expect(fs.existsSync(disk.resolve('git'))).toBe(false);
  });

  it.each(examples)('example: $description', async ({ example }) => {
    const [step] = yaml.parse(example).steps;
    expect(step.action).toBe('agentyard:publish:local-git');
    const { ctx, outputs } = context(step.input);
    await action().handler(ctx);
    const gitdir = fileURLToPath(outputs.remoteUrl);
    expect(await git.currentBranch({ fs, gitdir })).toBe(
      step.input.defaultBranch ?? 'main',
    );
    expect((await git.log({ fs, gitdir }))[0].commit.message).toBe(
      `${step.input.commitMessage ?? 'Initial commit'}\n`,
    );
  });
});
