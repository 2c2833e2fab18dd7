import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '../../..');

/**
 * A portal that was started as a person would: `npm start`. It outlives the process that started it; who stops it finds
 * it by the file that names its process.
 */
export class Portal {
  readonly #folder: string;

  /** @param folder - holds `app-config.json`, laid over app-config.yaml; takes `portal.log` and `portal.pid` */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts it and waits until portal and backend answer. */
  async start() {
    const log = path.join(this.#folder, 'portal.log');
    const output = openSync(log, 'a');
    const child = spawn(
      'npm',
      [
        ...['start', '--'],
        ...['--config', path.join(root, 'app-config.yaml')],
        ...['--config', path.join(this.#folder, 'app-config.json')],
      ],
      {
        cwd: root,
        env: { ...process.env, BROWSER: 'none' },
        stdio: ['ignore', output, output],
        // A group of its own, so that all of it can be ended.
        detached: true,
      },
    );
    closeSync(output);
    child.unref();
    await writeFile(this.#pidFile, String(child.pid));
    await untilAnswers('http://localhost:3000/', child, log);
    await untilAnswers(
      'http://localhost:7007/.backstage/health/v1/readiness',
      child,
      log,
    );
  }

  /** Ends it as Ctrl+C does; what does not end within half a minute is killed. */
  async stop() {
    const group = Number(await readFile(this.#pidFile, 'utf8').catch(() => ''));
    if (!group) return;
    signal(group, 'SIGINT');
    const deadline = Date.now() + 30_000;
    while ((await answersAtAll()) && Date.now() < deadline) await sleep(200);
    signal(group, 'SIGKILL');
    while (await answersAtAll()) await sleep(200);
    await rm(this.#pidFile);
  }

  /** Kills the backend's process with SIGKILL: it has no time to say or save anything. */
  async killBackend() {
    const { stdout } = await promisify(execFile)('ss', [
      '-ltnpH',
      'sport = :7007',
    ]);
    const pid = Number(/pid=(\d+)/.exec(stdout)?.[1]);
    if (!pid) throw new Error(`nobody listens on port 7007: ${stdout}`);
    process.kill(pid, 'SIGKILL');
  }

  get #pidFile() {
    return path.join(this.#folder, 'portal.pid');
  }
}

function signal(group: number, name: NodeJS.Signals) {
  try {
    process.kill(-group, name);
  } catch {
    // It has ended already.
  }
}

async function untilAnswers(url: string, child: ChildProcess, log: string) {
  const deadline = Date.now() + 240_000;
  while (!(await answers(url))) {
    if (child.exitCode !== null) {
      throw new Error(`npm start ended with ${child.exitCode}; see ${log}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`${url} did not answer within 4 minutes; see ${log}`);
    }
    await sleep(500);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok;
  } catch {
    return false;
  }
}

/** Whether anything still holds one of the portal's ports. */
async function answersAtAll(): Promise<boolean> {
  const held = await Promise.all(
    [3000, 7007].map(
      port =>
        new Promise<boolean>(resolve => {
          const socket = connect(port, 'localhost');
          socket.once('connect', () => resolve(true));
          socket.once('error', () => resolve(false));
          socket.once('connect', () => socket.destroy());
        }),
    ),
  );
  return held.includes(true);
}
