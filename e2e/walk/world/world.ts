import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { Portal } from './portal';

/** All that the walk leaves behind lies here. */
export const folder = path.resolve(__dirname, '../../../.cache/e2e/world');

/** Where the walk's tests look things up. */
export interface World {
  kubeconfig: string;
  kubectl: string;
}

const worldFile = path.join(folder, 'world.json');

/** The world that was set up before the tests. */
export function world(): World {
  return JSON.parse(readFileSync(worldFile, 'utf8'));
}

/** The portal on the world's configuration. */
export const portal = new Portal(folder);

/**
 * Lays the world out anew: data folders of its own, the control plane as cluster `prod`, a cluster `edge` that is down,
 * a source whose publisher is not the one expected, and one at a private address.
 */
export async function layOut({ kubeconfig, kubectl }: World) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const config = {
    backend: {
      database: {
        client: 'better-sqlite3',
        connection: { directory: path.join(folder, 'database') },
      },
    },
    agentyard: {
      signing: {
        keyStore: {
          directory: path.join(folder, 'keys'),
          secretFile: path.join(folder, 'keys.secret'),
        },
      },
      localGit: { directory: path.join(folder, 'git') },
      registry: {
        sources: {
          impostor: {
            type: 'eat-catalog',
            url: 'http://localhost:7007/.well-known/api-catalog',
            publisher: 'did:web:localhost%3A7999',
            profile: 'strict',
            mode: 'enforce',
            owner: 'group:default/platform-team',
          },
          private: {
            type: 'eat-catalog',
            url: 'https://10.0.0.1/.well-known/api-catalog',
            publisher: 'did:web:tools.example.org',
            profile: 'strict',
            mode: 'enforce',
            owner: 'group:default/platform-team',
          },
        },
      },
    },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            await clusterOf(kubeconfig),
            {
              name: 'edge',
              title: 'Edge',
              url: 'https://127.0.0.1:1',
              authProvider: 'serviceAccount',
              serviceAccountToken: 'of-no-use',
            },
          ],
        },
      ],
    },
  };
  await writeFile(
    path.join(folder, 'app-config.json'),
    JSON.stringify(config, null, 2),
    { mode: 0o600 },
  );
  await writeFile(worldFile, JSON.stringify({ kubeconfig, kubectl }));
}

/** The kubeconfig's cluster as the section `kubernetes:` of the portal's configuration has it. */
async function clusterOf(kubeconfig: string) {
  const { clusters, users } = parse(await readFile(kubeconfig, 'utf8'));
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  return {
    name: 'prod',
    title: 'Production',
    url: cluster.server,
    caData: cluster['certificate-authority-data'],
    authProvider: 'serviceAccount',
    serviceAccountToken: user.token,
  };
}
