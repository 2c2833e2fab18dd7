import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Subject } from './subject';

const execFileAsync = promisify(execFile);

/**
 * `kubectl apply --server-side`, then `kubectl rollout status`.
 *
 * @param status - `each`: `rollout status deployment/NAME` for one after the other, as pipelines and scripts have it;
 * `together`: one `rollout status -f FILE` over all, the kindest way to use it, which spares starting a process each time
 */
export async function kubectl(
  binary: string,
  kubeconfig: string,
  status: 'each' | 'together',
): Promise<Subject> {
  // A home of its own: kubectl keeps what it discovered there, so that later runs are warm.
  const home = await mkdtemp(path.join(tmpdir(), 'apply-and-observe-'));
  const run = (...args: string[]) =>
    execFileAsync(binary, ['--kubeconfig', kubeconfig, ...args], {
      env: { HOME: home, PATH: process.env.PATH },
      maxBuffer: 64 * 1024 * 1024,
    });
  return {
    name: status === 'each' ? 'kubectl' : 'kubectl-together',
    userAgent: 'kubectl/',
    prepare: async (namespace, items) => {
      const file = path.join(home, `${namespace}.json`);
      await writeFile(
        file,
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      );
      return async () => {
        await run('apply', '--server-side', '-f', file);
        if (status === 'together') {
          await run('rollout', 'status', '--timeout=10m', '-f', file);
          return;
        }
        for (const { metadata } of items) {
          const name = `deployment/${metadata.name}`;
          await run(
            '-n',
            namespace,
            'rollout',
            'status',
            '--timeout=10m',
            name,
          );
        }
      };
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
