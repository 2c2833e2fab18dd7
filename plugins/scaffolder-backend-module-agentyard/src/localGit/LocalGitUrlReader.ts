import { Readable } from 'node:stream';
import {
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchOptions,
  UrlReaderServiceSearchResponse,
} from '@backstage/backend-plugin-api';
import {
  ReadTreeResponseFactory,
  ReadUrlResponseFactory,
} from '@backstage/backend-defaults/urlReader';
import { NotFoundError, NotModifiedError } from '@backstage/errors';
import { LocalGitRepositories } from './LocalGitRepositories';

/**
 * Reads files of the local repositories at their newest commit. Addresses are `localgit://<repository>/<path>`, so that
 * a service that was published there can be registered in the catalog like one on a Git host.
 */
export class LocalGitUrlReader implements UrlReaderService {
  constructor(
    private readonly repositories: LocalGitRepositories,
    private readonly treeResponseFactory: ReadTreeResponseFactory,
  ) {}

  async readUrl(
    url: string,
    options?: UrlReaderServiceReadUrlOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    const { repository, file } = parse(url);
    const etag = await this.#commit(repository, options?.etag);
    const content = await this.repositories.readFile(repository, etag, file);
    return ReadUrlResponseFactory.fromReadable(Readable.from([content]), {
      etag,
    });
  }

  async readTree(
    url: string,
    options?: UrlReaderServiceReadTreeOptions,
  ): Promise<UrlReaderServiceReadTreeResponse> {
    const { repository, file } = parse(url);
    const etag = await this.#commit(repository, options?.etag);
    const folder = file && !file.endsWith('/') ? `${file}/` : file;
    const all = await this.repositories.listFiles(repository, etag);
    const files = await Promise.all(
      all
        .filter(name => name.startsWith(folder))
        .map(async name => ({
          path: name.slice(folder.length),
          content: await this.repositories.readFile(repository, etag, name),
        })),
    );
    const response = await this.treeResponseFactory.fromReadableArray(
      files
        .filter(
          ({ path, content }) =>
            options?.filter?.(path, { size: content.length }) ?? true,
        )
        .map(({ path, content }) => ({ path, data: Readable.from([content]) })),
    );
    return {
      files: () => response.files(),
      archive: () => response.archive(),
      dir: dirOptions => response.dir(dirOptions),
      etag,
    };
  }

  async search(
    url: string,
    options?: UrlReaderServiceSearchOptions,
  ): Promise<UrlReaderServiceSearchResponse> {
    try {
      const { buffer, etag } = await this.readUrl(url, options);
      return { files: [{ url, content: buffer }], etag: etag! };
    } catch (error) {
      if (error instanceof NotFoundError) return { files: [], etag: '' };
      throw error;
    }
  }

  toString() {
    return 'localGit';
  }

  async #commit(repository: string, known: string | undefined) {
    const commit = await this.repositories.head(repository);
    if (commit === known) throw new NotModifiedError();
    return commit;
  }
}

function parse(url: string) {
  const { host, pathname } = new URL(url);
  return { repository: host, file: decodeURIComponent(pathname.slice(1)) };
}
