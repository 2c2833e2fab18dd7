import path from 'node:path';
import { SetupProblem } from './problem.mjs';
import { bring } from './npm.mjs';

const pinned = '24.21.0';
const systems = { linux: 'linux', darwin: 'darwin', win32: 'win' };

/** Whether this Node runs the project: 24, or 22 from the release that can `require()` ES modules. */
export function isSupported(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 24 || (major === 22 && minor >= 12);
}

/**
 * The Node that runs the project: the present one where it fits, else Node 24 from the registry.
 * @returns its executable, its folder for PATH, and the folder with headers for native builds (if it has them)
 */
export async function ensureNode({
  version = process.version,
  platform = process.platform,
  arch = process.arch,
} = {}) {
  if (isSupported(version)) {
    return {
      executable: process.execPath,
      binaries: path.dirname(process.execPath),
    };
  }
  const system = systems[platform];
  if (!system) {
    throw new SetupProblem(
      'NODE_TOO_OLD',
      `Node ${version} does not run this project, and there is no packaged Node 24 for ${platform}`,
      'Install Node 22.12 or newer, or 24, and run the command again.',
    );
  }
  const folder = await bring(`node-${system}-${arch}`, pinned, 'Node');
  const binaries = path.join(folder, 'bin');
  return {
    executable: path.join(binaries, platform === 'win32' ? 'node.exe' : 'node'),
    binaries,
    headers: folder,
  };
}
