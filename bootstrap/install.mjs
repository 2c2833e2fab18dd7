import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { explain } from './problem.mjs';
import { timed } from './progress.mjs';
import { cache, root } from './paths.mjs';
import { registrySettings } from './yarn.mjs';

const stamp = path.join(cache, 'bootstrap', 'installed');

/** Installs the dependencies exactly as yarn.lock has them; does nothing where that is done already. */
export async function ensureInstalled({ node, yarn, env }) {
  const wanted = await fingerprint(node);
  const present = await fs.readFile(stamp, 'utf8').catch(() => '');
  const installed = existsSync(
    path.join(root, 'node_modules', '.yarn-state.yml'),
  );
  if (present === wanted && installed) return;

  await timed(
    'installing dependencies (a few minutes the first time)',
    async () => {
      const settings = await registrySettings();
      await run(node.executable, [yarn.script, 'install', '--immutable'], {
        ...env,
        ...settings,
      });
      await fs.mkdir(path.dirname(stamp), { recursive: true });
      await fs.writeFile(stamp, wanted);
    },
  );
}

/** What an install depends on: the lock file, the settings, every workspace's package.json, the platform. */
async function fingerprint(node) {
  const hash = createHash('sha256').update(
    `${process.platform} ${process.arch} ${node.executable}`,
  );
  for (const file of [
    'yarn.lock',
    '.yarnrc.yml',
    'package.json',
    ...(await workspaceManifests()),
  ]) {
    hash.update(file).update(await fs.readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

async function workspaceManifests() {
  const { workspaces } = JSON.parse(
    await fs.readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const folders = [];
  for (const workspace of workspaces) {
    if (!workspace.endsWith('/*')) folders.push(workspace);
    else {
      const parent = workspace.slice(0, -2);
      const names = await fs.readdir(path.join(root, parent)).catch(() => []);
      folders.push(...names.sort().map(name => `${parent}/${name}`));
    }
  }
  return folders
    .map(folder => `${folder}/package.json`)
    .filter(file => existsSync(path.join(root, file)));
}

/** Shows Yarn's steps as they come, and keeps the output so that a failure can be explained. */
function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = chunk => {
      output += chunk;
      const steps = String(chunk)
        .split('\n')
        .filter(line => /YN0000: [┌└]/.test(line));
      for (const step of steps)
        process.stderr.write(`  ${step.replace(/^.*YN0000: [┌└] /, '')}\n`);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', error => reject(explain('yarn install', String(error))));
    child.on('close', code =>
      code === 0 ? resolve() : reject(explain('yarn install', output)),
    );
  });
}
