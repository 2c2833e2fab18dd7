import fs from 'node:fs';
import path from 'node:path';
import { cache } from './paths.mjs';
import { ControlPlaneProblem } from './problem.mjs';
import { isRunning, self } from './processes.mjs';

/** Does `work` while nobody else does anything under the same name; the lock of a killed process is taken over. */
export async function withLock(name, work, { onWait = () => {} } = {}) {
  const file = path.join(cache, 'locks', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const deadline = Date.now() + 30 * 60_000;
  for (let attempt = 0; !tryAcquire(file); attempt++) {
    if (attempt === 0) onWait();
    if (Date.now() > deadline) {
      throw new ControlPlaneProblem(
        'BUSY',
        `another command has held ${name} for 30 minutes`,
        `Stop it, or delete ${file} if none is running.`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function tryAcquire(file) {
  // Written beside and linked into place, so that a lock never lacks its holder.
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(own, JSON.stringify(self()));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = read(file);
    if (holder && !isRunning(holder)) removeStale(file, holder);
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/**
 * Of several that find the same dead holder one wins, since renaming is atomic. Should it have moved away the lock of a
 * living one that came in between, it puts that back.
 */
function removeStale(file, holder) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    const moved = read(aside);
    if (moved?.pid !== holder.pid || moved?.startTime !== holder.startTime) {
      fs.linkSync(aside, file);
    }
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
