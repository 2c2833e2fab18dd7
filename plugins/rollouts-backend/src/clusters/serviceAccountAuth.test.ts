import { createMockDirectory } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  localKubectlProxyAuth,
  serviceAccountAuth,
} from './serviceAccountAuth';

const cluster = (entry: Record<string, string>) => ({
  name: 'production',
  url: 'https://production.example',
  config: new ConfigReader(entry),
});

describe('serviceAccountAuth', () => {
  const directory = createMockDirectory({ content: { token: 'mounted\n' } });
  const auth = serviceAccountAuth(directory.resolve('token'));

  it('takes the configured token', async () => {
    expect(
      await auth.bearerToken(cluster({ serviceAccountToken: 'configured' })),
    ).toBe('configured');
  });

  it('takes the mounted token anew each time', async () => {
    expect(await auth.bearerToken(cluster({}))).toBe('mounted');
    directory.setContent({ token: 'renewed' });
    expect(await auth.bearerToken(cluster({}))).toBe('renewed');
  });

  it('says what is missing', async () => {
    await expect(
      serviceAccountAuth('/nowhere').bearerToken(cluster({})),
    ).rejects.toThrow('no serviceAccountToken');
  });
});

describe('localKubectlProxyAuth', () => {
  it('needs no token', async () => {
    expect(
      await localKubectlProxyAuth.bearerToken(cluster({})),
    ).toBeUndefined();
  });
});
