import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const root = path.resolve(__dirname, '../..');
const LIMIT_MS = 300_000;
const POLL_MS = 20;

/** A backend whose start is timed. */
export interface Subject {
  name: string;
  /** Its entry point, from the root of the project. */
  entry: string;
  port: number;
  demo: boolean;
}

/** Of the measured processes; free, or the start fails. */
export const PORTS = { plain: 22040, ours: 22041, demo: 22042 };

/**
 * Starts a backend with an empty database, as on a first start, and ends it.
 *
 * @returns seconds from the process's start until `/.backstage/health/v1/readiness` answered 200
 * @throws Error with the end of the backend's log when it ended, or was not ready within five minutes
 */
export async function secondsToReady(subject: Subject): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'start-to-ready-'));
  const config = path.join(folder, 'app-config.yaml');
  const logFile = path.join(folder, 'log');
  // Every JSON document is a YAML document.
  await writeFile(config, JSON.stringify(configOf(subject, folder)));
  const log = await open(logFile, 'w');

  const url = `http://127.0.0.1:${subject.port}/.backstage/health/v1/readiness`;
  if (await isReady(url)) {
    throw new Error(`port ${subject.port} is taken by another backend`);
  }
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      path.join(root, subject.entry),
      '--config',
      path.join(root, 'app-config.yaml'),
      '--config',
      config,
    ],
    {
      // Files that app-config.yaml names are relative to this folder.
      cwd: path.join(root, 'packages/backend'),
      env: { ...process.env, NODE_ENV: 'development' },
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  const ended = once(child, 'exit');
  try {
    for (;;) {
      if (await isReady(url)) return (performance.now() - started) / 1000;
      if (child.exitCode !== null || performance.now() - started > LIMIT_MS) {
        const text = await readFile(logFile, 'utf8');
        throw new Error(
          `${subject.name} did not become ready:\n${text.slice(-4_000)}`,
        );
      }
      await sleep(POLL_MS);
    }
  } finally {
    child.kill();
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    if (child.exitCode === null && child.signalCode === null) await ended;
    clearTimeout(killer);
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function configOf({ port, demo }: Subject, folder: string) {
  const baseUrl = `http://localhost:${port}`;
  return {
    backend: {
      baseUrl,
      listen: { host: '127.0.0.1', port },
      database: { client: 'better-sqlite3', connection: ':memory:' },
    },
    agentyard: {
      demo: { enabled: demo, port: PORTS.demo },
      signing: {
        keyStore: {
          directory: path.join(folder, 'keys'),
          secretFile: path.join(folder, 'keys.secret'),
        },
        publishers: [
          {
            id: 'portal',
            did: `did:web:localhost%3A${port}`,
            baseUrl,
            title: 'Tools of this portal',
          },
        ],
      },
      localGit: { directory: path.join(folder, 'git') },
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, {
      signal: AbortSignal.timeout(1_000),
    });
    return status === 200;
  } catch {
    return false;
  }
}
