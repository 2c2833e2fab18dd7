import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a command said, and how it ended. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A test runner that finds this variable takes itself for a part of the outer one, and tests nothing. */
function environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT, ...inherited } = process.env;
  return { ...inherited, ...env };
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: string[],
  options: {
    cwd: string;
    env?: NodeJS.ProcessEnv;
    input?: string;
    timeoutMs?: number;
  },
): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: environment(options.env),
    timeout: options.timeoutMs ?? 180_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdin.end(options.input);
  const [code] = await once(child, 'close');
  return { code: code ?? 1, stdout, stderr };
}

/** A service that was started and logs JSON lines; its first line tells its address. */
export async function startService(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ url: string; stop(): Promise<number | null> }> {
  // A group of its own: npm does not hand signals on in every version.
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exited.then(([code]) => {
      throw new Error(
        `${command} ${args.join(' ')} ended with ${code} before it listened`,
      );
    }),
  ]);
  lines.resume();
  return {
    url: JSON.parse(first).url,
    async stop() {
      process.kill(-child.pid!, 'SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}
