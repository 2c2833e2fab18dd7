import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import git from 'isomorphic-git';
import { NotFoundError } from '@backstage/errors';
import { PUBLICATION_NAME_PATTERN } from '@agentyard/plugin-catalog-signing-common';
import { ActionConflictError, ActionInputError } from '../errors';

const MAX_FILES = 5_000;
const MAX_BYTES = 100 * 1024 * 1024;

/** A file of a repository at its newest commit. */
export interface RepositoryFile {
  /** With forward slashes. */
  path: string;
  content: Buffer;
}

/**
 * Bare Git repositories in one folder, `<name>.git` each: where services are published when no Git host is configured.
 * Works without an installed git, and any git can clone from there.
 */
export class LocalGitRepositories {
  constructor(private readonly directory: string) {}

  /** Address for `git clone`. */
  remoteUrl(name: string) {
    return pathToFileURL(this.#gitdir(name)).href;
  }

  /** Address by which this portal reads the files, with a slash at the end; see {@link LocalGitUrlReader}. */
  contentsUrl(name: string) {
    return `localgit://${name}/`;
  }

  /** Is there a repository of this name? */
  exists(name: string) {
    return fs.existsSync(this.#gitdir(name));
  }

  /**
   * Makes a repository with one commit that holds all of `folder`, except what its `.gitignore` names. The repository
   * appears whole or not at all.
   *
   * @param options.key - Who asks. Asking again with the same key answers the commit that is there.
   * @throws ActionInputError `INVALID_NAME`, `WORKSPACE_EMPTY`, `WORKSPACE_TOO_LARGE`
   * @throws ActionConflictError `REPOSITORY_EXISTS`
   */
  async create(options: {
    name: string;
    folder: string;
    branch: string;
    message: string;
    author: { name: string; email: string };
    key: string;
  }): Promise<{ commitHash: string }> {
    const { name, folder, branch, message, author, key } = options;
    const gitdir = this.#gitdir(name);
    const present = await this.#madeBy(gitdir, key);
    if (present) return present;
    await refuseIfTooLarge(folder);

    await fs.promises.mkdir(this.directory, { recursive: true });
    const temporary = path.join(
      this.directory,
      `.${name}.${randomBytes(6).toString('hex')}.tmp`,
    );
    try {
      // The work tree is only read; the bare repository's own folder takes index and objects.
      const repository = { fs, dir: folder, gitdir: temporary };
      await git.init({ ...repository, bare: true, defaultBranch: branch });
      await git.add({ ...repository, filepath: '.' });
      if ((await git.listFiles(repository)).length === 0) {
        throw new ActionInputError(
          'WORKSPACE_EMPTY',
          `There is nothing to publish as "${name}". Let an earlier step write the service's files.`,
        );
      }
      const commitHash = await git.commit({ ...repository, message, author });
      await git.setConfig({
        ...repository,
        path: 'agentyard.createdby',
        value: key,
      });
      await fs.promises.rm(path.join(temporary, 'index'), { force: true });
      await fs.promises.rename(temporary, gitdir).catch(error => {
        if (['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code)) {
          throw exists(name);
        }
        throw error;
      });
      return { commitHash };
    } finally {
      await fs.promises.rm(temporary, { recursive: true, force: true });
    }
  }

  /**
   * Newest commit.
   *
   * @throws NotFoundError when there is no such repository
   */
  async head(name: string): Promise<string> {
    const gitdir = this.#gitdir(name);
    try {
      return await git.resolveRef({ fs, gitdir, ref: 'HEAD' });
    } catch {
      throw new NotFoundError(`There is no repository "${name}"`);
    }
  }

  /**
   * One file as of a commit.
   *
   * @throws NotFoundError when there is no such file
   */
  async readFile(name: string, commit: string, file: string): Promise<Buffer> {
    const gitdir = this.#gitdir(name);
    try {
      // Looks the path up in the commit's tree; nothing outside the repository can be meant.
      const { blob } = await git.readBlob({
        fs,
        gitdir,
        oid: commit,
        filepath: file,
      });
      return Buffer.from(blob);
    } catch {
      throw new NotFoundError(`The repository "${name}" has no file "${file}"`);
    }
  }

  /** Paths of all files as of a commit. */
  async listFiles(name: string, commit: string): Promise<string[]> {
    return git.listFiles({ fs, gitdir: this.#gitdir(name), ref: commit });
  }

  #gitdir(name: string) {
    if (!PUBLICATION_NAME_PATTERN.test(name)) {
      throw new ActionInputError(
        'INVALID_NAME',
        `${JSON.stringify(
          name,
        )} is no name for a repository. Use 3 to 40 lower-case letters, digits and hyphens, a letter first, no hyphen last.`,
      );
    }
    return path.join(this.directory, `${name}.git`);
  }

  async #madeBy(gitdir: string, key: string) {
    if (!fs.existsSync(gitdir)) return undefined;
    const createdBy = await git.getConfig({
      fs,
      gitdir,
      path: 'agentyard.createdby',
    });
    const name = path.basename(gitdir, '.git');
    if (createdBy !== key) throw exists(name);
    return { commitHash: await this.head(name) };
  }
}

function exists(name: string) {
  return new ActionConflictError(
    'REPOSITORY_EXISTS',
    `There is a repository "${name}" already. Choose another name.`,
  );
}

async function refuseIfTooLarge(folder: string) {
  let files = 0;
  let bytes = 0;
  const entries = await fs.promises.opendir(folder, { recursive: true });
  for await (const entry of entries) {
    if (!entry.isFile()) continue;
    files += 1;
    const stat = await fs.promises.lstat(
      path.join(entry.parentPath, entry.name),
    );
    bytes += stat.size;
    if (files > MAX_FILES || bytes > MAX_BYTES) {
      throw new ActionInputError(
        'WORKSPACE_TOO_LARGE',
        `The workspace has more than ${MAX_FILES} files or ${
          MAX_BYTES / 1024 / 1024
        } MiB. Leave out what is generated, such as node_modules.`,
      );
    }
  }
}
