import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { explain } from './problem.mjs';
import { timed } from './progress.mjs';
import { toolchain } from './paths.mjs';

/** Runs the npm that started us (or the one on PATH) and gives back its stdout. */
export function npm(args, { cwd } = {}) {
  const self = process.env.npm_execpath;
  const viaNode = self && /\.c?js$/.test(self) && /npm/.test(self);
  const [command, first] = viaNode
    ? [process.execPath, [self]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd,
      shell: !viaNode && process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => (stderr += chunk));
    child.on('error', error =>
      reject(explain(`npm ${args[0]}`, String(error))),
    );
    child.on('close', code =>
      code === 0
        ? resolve(stdout)
        : reject(explain(`npm ${args.join(' ')}`, stderr + stdout)),
    );
  });
}

/**
 * Brings one package of the registry that npm is configured with into the toolchain folder, once.
 * npm checks its integrity; install scripts never run.
 * @returns the package's folder
 */
export async function bring(name, version, label) {
  const home = path.join(toolchain, `${name.replace('/', '+')}-${version}`);
  const folder = path.join(home, 'node_modules', name);
  if (existsSync(home)) return folder;

  await timed(`fetching ${label} ${version}`, async () => {
    const draft = `${home}.${process.pid}`;
    await fs.mkdir(draft, { recursive: true });
    try {
      await fs.writeFile(
        path.join(draft, 'package.json'),
        '{"private":true}\n',
      );
      await npm(
        ['install', `${name}@${version}`, '--prefix', draft].concat(
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--no-package-lock',
          '--loglevel=error',
        ),
        { cwd: draft },
      );
      // Whole or not at all: a broken download never looks like a finished one.
      await fs.rename(draft, home);
    } catch (error) {
      await fs.rm(draft, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    }
  });
  return folder;
}
