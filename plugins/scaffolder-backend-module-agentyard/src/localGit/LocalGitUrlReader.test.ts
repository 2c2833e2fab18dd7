import {
  coreServices,
  createBackendPlugin,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { urlReaderServiceFactory } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { LocalGitRepositories } from './LocalGitRepositories';
import { localGitUrlReaderServiceFactory } from './localGitUrlReaderServiceFactory';

describe('reading localgit://', () => {
  const disk = createMockDirectory();
  let reader: UrlReaderService;
  let commitHash: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    disk.setContent({
      orders: {
        'catalog-info.yaml': 'kind: Component\n',
        specs: { 'openapi.yaml': 'openapi: 3.1.0\n' },
        'a b.md': 'with a space\n',
      },
      'secret.txt': 'outside',
    });
    const repositories = new LocalGitRepositories(disk.resolve('git'));
    ({ commitHash } = await repositories.create({
      name: 'orders-tools',
      folder: disk.resolve('orders'),
      branch: 'main',
      message: 'Begin',
      author: { name: 'Mira', email: 'mira@example.org' },
      key: 'test',
    }));
    const backend = await startTestBackend({
      features: [
        mockServices.rootConfig.factory({
          data: { agentyard: { localGit: { directory: disk.resolve('git') } } },
        }),
        urlReaderServiceFactory,
        localGitUrlReaderServiceFactory,
        createBackendPlugin({
          pluginId: 'reading',
          register(env) {
            env.registerInit({
              deps: { urlReader: coreServices.urlReader },
              async init({ urlReader }) {
                reader = urlReader;
              },
            });
          },
        }),
      ],
    });
    stop = () => backend.stop();
  });

  afterAll(() => stop());

  it('answers a file at the newest commit, with the commit as ETag', async () => {
    const response = await reader.readUrl(
      'localgit://orders-tools/catalog-info.yaml',
    );
    expect((await response.buffer()).toString()).toBe('kind: Component\n');
    expect(response.etag).toBe(commitHash);
  });

  it('says when nothing is new', async () => {
    await expect(
      reader.readUrl('localgit://orders-tools/catalog-info.yaml', {
        etag: commitHash,
      }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
  });

  it('reads names with escaped characters', async () => {
    const response = await reader.readUrl('localgit://orders-tools/a%20b.md');
    expect((await response.buffer()).toString()).toBe('with a space\n');
  });

  it('answers a folder', async () => {
    const tree = await reader.readTree('localgit://orders-tools/specs');
    const [file, ...others] = await tree.files();
    expect(others).toEqual([]);
    expect(file.path).toBe('openapi.yaml');
    expect((await file.content()).toString()).toBe('openapi: 3.1.0\n');
    expect(tree.etag).toBe(commitHash);
  });

  it('finds a file by its address, and nothing where there is none', async () => {
    const url = 'localgit://orders-tools/catalog-info.yaml';
    expect((await reader.search(url)).files.map(f => f.url)).toEqual([url]);
    const none = await reader.search('localgit://orders-tools/none.yaml');
    expect(none.files).toEqual([]);
  });

  it.each([
    'localgit://orders-tools/none.yaml',
    'localgit://orders-tools/%2e%2e%2f%2e%2e%2fsecret.txt',
    'localgit://orders-tools/..%2f..%2fsecret.txt',
    'localgit://unknown/catalog-info.yaml',
  ])('finds nothing at %s', async url => {
    await expect(reader.readUrl(url)).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('refuses what is no name of a repository', async () => {
    await expect(
      reader.readUrl('localgit://..%2fgit/catalog-info.yaml'),
    ).rejects.toMatchObject({ code: 'INVALID_NAME' });
  });
});
