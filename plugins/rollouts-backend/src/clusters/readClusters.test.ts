import { ConfigReader } from '@backstage/config';
import { readClusters } from './readClusters';

const read = (clusterLocatorMethods: object[]) =>
  readClusters(new ConfigReader({ kubernetes: { clusterLocatorMethods } }));

const production = {
  name: 'production',
  url: 'https://production.example',
  authProvider: 'serviceAccount',
};

describe('readClusters', () => {
  it('reads the clusters of the Kubernetes plugin', () => {
    const [cluster] = read([
      {
        type: 'config',
        clusters: [
          {
            ...production,
            title: 'Production',
            caData: 'Y2E=',
            caFile: '/etc/ca.pem',
            skipTLSVerify: true,
          },
        ],
      },
    ]);

    expect(cluster).toMatchObject({
      name: 'production',
      title: 'Production',
      url: 'https://production.example',
      authProvider: 'serviceAccount',
      caData: 'Y2E=',
      caFile: '/etc/ca.pem',
      skipTLSVerify: true,
    });
  });

  it('checks certificates unless told otherwise', () => {
    const [cluster] = read([{ type: 'config', clusters: [production] }]);
    expect(cluster.skipTLSVerify).toBe(false);
  });

  it('takes the auth provider from authMetadata first', () => {
    const [cluster] = read([
      {
        type: 'config',
        clusters: [
          {
            ...production,
            authMetadata: { 'kubernetes.io/auth-provider': 'aws' },
          },
        ],
      },
    ]);
    expect(cluster.authProvider).toBe('aws');
  });

  it('knows kubectl proxy, and leaves other locators to the Kubernetes plugin', () => {
    expect(
      read([
        { type: 'localKubectlProxy' },
        { type: 'gke', projectId: 'project' },
        { type: 'catalog' },
      ]),
    ).toMatchObject([
      {
        name: 'local',
        url: 'http://127.0.0.1:8001',
        authProvider: 'localKubectlProxy',
      },
    ]);
  });

  it('takes the first of two with one name', () => {
    const clusters = read([
      { type: 'config', clusters: [production] },
      { type: 'config', clusters: [{ ...production, url: 'https://other' }] },
    ]);
    expect(clusters.map(c => c.url)).toEqual(['https://production.example']);
  });

  it('names the key that is missing', () => {
    expect(() =>
      read([{ type: 'config', clusters: [{ name: 'x', url: 'https://x' }] }]),
    ).toThrow(/authProvider/);
  });

  it('is empty without a kubernetes: section', () => {
    expect(readClusters(new ConfigReader({}))).toEqual([]);
  });
});
