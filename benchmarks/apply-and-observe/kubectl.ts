import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Subject } from './subject';

const execFileAsync = promisify(execFile);

/** What people do: `kubectl apply --server-side`, then one `kubectl rollout status` over all of it. */
export async function kubectl(
  binary: string,
  kubeconfig: string,
): Promise<Subject> {
  // A home of its own: kubectl keeps what it discovered there, so that later runs are warm.
  const home = await mkdtemp(path.join(tmpdir(), 'apply-and-observe-'));
  const run = (...args: string[]) =>
    execFileAsync(binary, ['--kubeconfig', kubeconfig, ...args], {
      env: { HOME: home, PATH: process.env.PATH },
      maxBuffer: 64 * 1024 * 1024,
    });
  return {
    name: 'kubectl',
    userAgent: 'kubectl/',
    prepare: async (namespace, items) => {
      const file = path.join(home, `${namespace}.json`);
      await writeFile(
        file,
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      );
      return async () => {
        await run('apply', '--server-side', '-f', file);
        await run('rollout', 'status', '--timeout=10m', '-f', file);
      };
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
