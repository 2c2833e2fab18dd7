import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bring, npm } from './npm.mjs';
import { root, toolchain } from './paths.mjs';

/** Yarn in the version that package.json names, from the registry that npm is configured with. */
export async function ensureYarn(node) {
  const { packageManager } = JSON.parse(
    await fs.readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const version = packageManager.replace(/^yarn@/, '').replace(/\+.*$/, '');
  const folder = await bring('@yarnpkg/cli-dist', version, 'Yarn');
  const script = path.join(folder, 'bin', 'yarn.js');

  // Tools of the project call `yarn` by name.
  const binaries = path.join(toolchain, `bin-${version}`);
  await fs.mkdir(binaries, { recursive: true });
  await fs.writeFile(
    path.join(binaries, 'yarn'),
    `#!/bin/sh\nexec "${node.executable}" "${script}" "$@"\n`,
    { mode: 0o755 },
  );
  await fs.writeFile(
    path.join(binaries, 'yarn.cmd'),
    `@"${node.executable}" "${script}" %*\r\n`,
  );
  return { script, binaries };
}

/** npm's settings for reaching the registry, said in Yarn's words. Names no host of its own. */
export async function registrySettings() {
  const get = async key => {
    const value = (await npm(['config', 'get', key], { cwd: root })).trim();
    return value && value !== 'null' && value !== 'undefined'
      ? value
      : undefined;
  };
  const [registry, cafile, proxy, httpsProxy] = await Promise.all(
    ['registry', 'cafile', 'proxy', 'https-proxy'].map(get),
  );
  const settings = {};
  if (registry) settings.YARN_NPM_REGISTRY_SERVER = registry.replace(/\/$/, '');
  if (registry?.startsWith('http:'))
    settings.YARN_UNSAFE_HTTP_WHITELIST = new URL(registry).hostname;
  if (cafile) settings.YARN_HTTPS_CA_FILE_PATH = cafile;
  if (proxy) settings.YARN_HTTP_PROXY = proxy;
  if (httpsProxy) settings.YARN_HTTPS_PROXY = httpsProxy;
  const token = registry && (await authToken(registry));
  if (token) settings.YARN_NPM_AUTH_TOKEN = token;
  return settings;
}

/** npm does not give tokens out, so the user's own .npmrc is read for the one of this registry. */
async function authToken(registry) {
  const file =
    process.env.npm_config_userconfig ?? path.join(os.homedir(), '.npmrc');
  const lines = await fs.readFile(file, 'utf8').catch(() => '');
  const prefix = `${registry
    .replace(/^https?:/, '')
    .replace(/\/?$/, '/')}:_authToken=`;
  const line = lines
    .split('\n')
    .find(candidate => candidate.trim().startsWith(prefix));
  return line
    ?.trim()
    .slice(prefix.length)
    .replace(/^"|"$/g, '')
    .replace(/\$\{([^}]+)\}/g, (_, name) => process.env[name] ?? '');
}
