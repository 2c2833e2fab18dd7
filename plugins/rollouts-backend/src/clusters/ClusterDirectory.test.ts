import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClusterDirectory } from './ClusterDirectory';
import {
  localKubectlProxyAuth,
  serviceAccountAuth,
} from './serviceAccountAuth';

/** Answers as API servers do when all is well, when the token is wrong, and when they hang. */
const HEALTHY: RequestListener = (req, res) => {
  const authorized = req.headers.authorization === 'Bearer good';
  res.writeHead(authorized ? 200 : 401, { 'content-type': 'application/json' });
  res.end(
    JSON.stringify(
      authorized
        ? { gitVersion: 'v1.36.3' }
        : {
            kind: 'Status',
            apiVersion: 'v1',
            status: 'Failure',
            message: 'Unauthorized',
            reason: 'Unauthorized',
            code: 401,
          },
    ),
  );
};
const HANGING: RequestListener = () => {};

describe('ClusterDirectory', () => {
  const servers: Server[] = [];
  const directories: ClusterDirectory[] = [];

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function directory(clusters: () => object[]): ClusterDirectory {
    const config = new Proxy({} as ConfigReader, {
      // As the root configuration does, which changes under those who hold it.
      get: (_, key: keyof ConfigReader) => {
        const current = new ConfigReader({
          kubernetes: {
            clusterLocatorMethods: [{ type: 'config', clusters: clusters() }],
          },
        });
        return (current[key] as Function).bind(current);
      },
    });
    const made = new ClusterDirectory({
      config,
      logger: mockServices.logger.mock(),
      auths: [serviceAccountAuth('/nowhere/token'), localKubectlProxyAuth],
      checkTimeoutMs: 500,
    });
    directories.push(made);
    return made;
  }

  afterEach(async () => {
    await Promise.all(directories.splice(0).map(each => each.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const cluster = (name: string, url: string, more: object = {}) => ({
    name,
    url,
    authProvider: 'serviceAccount',
    serviceAccountToken: 'good',
    ...more,
  });

  it('tells what is wrong with each cluster, and does not let one hold up the others', async () => {
    const healthy = await serve(HEALTHY);
    const hanging = await serve(HANGING);
    const strange = await serve((_, res) => res.end('<html>'));
    const closed = await serve(HEALTHY);
    servers.pop()!.close();
    const clusters = [
      cluster('good', healthy, { title: 'Good' }),
      cluster('denied', healthy, { serviceAccountToken: 'bad' }),
      cluster('hanging', hanging),
      cluster('strange', strange),
      cluster('closed', closed),
      cluster('cloud', healthy, { authProvider: 'aws' }),
      cluster('tokenless', healthy, { serviceAccountToken: undefined }),
      cluster('uncertified', healthy, { caFile: '/nowhere/ca.pem' }),
    ];

    const started = Date.now();
    const found = await directory(() => clusters).check();
    expect(Date.now() - started).toBeLessThan(2_000);

    const byName = Object.fromEntries(found.map(each => [each.name, each]));
    expect(byName.good).toEqual({
      name: 'good',
      title: 'Good',
      url: healthy,
      authProvider: 'serviceAccount',
      state: 'reachable',
      version: 'v1.36.3',
      checkedAt: expect.any(String),
    });
    expect(byName.denied).toMatchObject({
      state: 'unauthorized',
      message: expect.stringContaining('refuses the credentials of denied'),
    });
    expect(byName.hanging).toMatchObject({
      state: 'unreachable',
      message: expect.stringContaining('no answer within 0.5 s'),
    });
    expect(byName.strange.state).toBe('unreachable');
    expect(byName.closed).toMatchObject({
      state: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(byName.cloud).toMatchObject({
      state: 'unsupported',
      message: expect.stringContaining('authProvider aws'),
    });
    expect(byName.tokenless).toMatchObject({
      state: 'unsupported',
      message: expect.stringContaining('no serviceAccountToken'),
    });
    expect(byName.uncertified).toMatchObject({
      state: 'unsupported',
      message: expect.stringContaining('caFile cannot be read (ENOENT)'),
    });
    expect(JSON.stringify(found)).not.toMatch(/"good"[^,]*Token|Bearer/);
  });

  it('follows the configuration without a restart', async () => {
    const url = await serve(HEALTHY);
    let clusters = [cluster('one', url, { serviceAccountToken: 'bad' })];
    const tested = directory(() => clusters);
    expect(await tested.check()).toMatchObject([{ state: 'unauthorized' }]);

    clusters = [cluster('one', url), cluster('two', url)];
    expect(await tested.check()).toMatchObject([
      { name: 'one', state: 'reachable' },
      { name: 'two', state: 'reachable' },
    ]);
  });

  it('keeps one connection to a cluster', async () => {
    const url = await serve(HEALTHY);
    const tested = directory(() => [cluster('one', url)]);
    expect(await tested.connect('one')).toBe(await tested.connect('one'));
  });

  it('refuses a cluster that is not there, or that it cannot sign in to', async () => {
    const tested = directory(() => [
      cluster('cloud', 'https://cloud.example', { authProvider: 'aws' }),
    ]);
    await expect(tested.connect('mars')).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'CLUSTER_NOT_FOUND',
    });
    await expect(tested.connect('cloud')).rejects.toMatchObject({
      name: 'InputError',
      code: 'CLUSTER_UNSUPPORTED',
    });
  });
});
