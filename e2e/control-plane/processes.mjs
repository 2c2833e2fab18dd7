import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * Starts a program that outlives this one, its output appended to a file.
 * @returns {{pid: number, startTime: string}} what tells this process from a later one with the same id
 */
export function startDetached({ executable, args, env, log }) {
  const output = fs.openSync(log, 'a', 0o600);
  try {
    const child = spawn(executable, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env,
    });
    child.on('error', () => {}); // The caller sees that there is no process.
    child.unref();
    return {
      pid: child.pid ?? 0,
      startTime: child.pid ? startTime(child.pid) ?? '' : '',
    };
  } finally {
    fs.closeSync(output);
  }
}

/** Whether this very process still runs; its id alone may by now belong to another program, after a reboot surely so. */
export function isRunning({ pid, startTime: started }) {
  return pid > 0 && started !== '' && startTime(pid) === started;
}

/** Asks the process to stop and waits; after `patience` milliseconds it is killed. */
export async function stop(process_, patience) {
  signal(process_, 'SIGTERM');
  if (await gone(process_, patience)) return;
  signal(process_, 'SIGKILL');
  await gone(process_, 5_000);
}

/** This process, in the form that `isRunning` takes. */
export const self = () => ({
  pid: process.pid,
  startTime: startTime(process.pid) ?? '',
});

function signal(process_, name) {
  if (!isRunning(process_)) return;
  try {
    process.kill(process_.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

async function gone(process_, patience) {
  const deadline = Date.now() + patience;
  while (isRunning(process_)) {
    if (Date.now() > deadline) return false;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  return true;
}

function startTime(pid) {
  if (process.platform !== 'linux') {
    try {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }).trim() || undefined
      );
    } catch {
      return undefined;
    }
  }
  let stat;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // proc(5): the second field is the name in brackets and may hold blanks; state is the third field, start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${bootId()}/${fields[19]}`;
}

let boot;
function bootId() {
  boot ??= fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
