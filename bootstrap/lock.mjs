import fs from 'node:fs/promises';
import path from 'node:path';
import { cache } from './paths.mjs';
import { explain, SetupProblem } from './problem.mjs';
import { say } from './progress.mjs';

const folder = path.join(cache, 'bootstrap', 'lock');

/** Lets one set-up run at a time in this folder; a second one waits for the first and then finds the work done. */
export async function withLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function acquire() {
  const deadline = Date.now() + 20 * 60_000;
  let told = false;
  while (!(await tryAcquire())) {
    if (!told) say('another command is setting up this folder; waiting for it');
    told = true;
    if (Date.now() > deadline) {
      throw new SetupProblem(
        'BUSY',
        'another command has been setting up this folder for 20 minutes',
        `Stop it, or delete ${folder} if none is running.`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

async function tryAcquire() {
  try {
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      throw explain('preparing the cache folder', String(error));
    const holder = Number(
      await fs.readFile(path.join(folder, 'pid'), 'utf8').catch(() => NaN),
    );
    // Its holder was killed: the next attempt may take it.
    if (holder && !isRunning(holder))
      await fs.rm(folder, { recursive: true, force: true });
    return false;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
