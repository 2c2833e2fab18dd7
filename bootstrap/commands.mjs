import { spawn } from 'node:child_process';
import path from 'node:path';
import { requireFreePorts } from './ports.mjs';
import { say } from './progress.mjs';
import { root } from './paths.mjs';
import { withTestDatabase } from './testDatabase.mjs';

const cli = path.join(
  root,
  'node_modules',
  '@backstage',
  'cli',
  'bin',
  'backstage-cli',
);
const transform = path.join(
  root,
  'node_modules',
  '@backstage',
  'cli',
  'config',
  'nodeTransform.cjs',
);

/** What the npm scripts of the root do once everything is set up. Each gives an exit code. */
export const commands = {
  async start({ node, env, args }) {
    await requireFreePorts([
      { port: 3000, purpose: 'the portal' },
      { port: 7007, purpose: 'its backend' },
    ]);
    say('starting the portal on http://localhost:3000 (Ctrl+C stops it)');
    return run(node, [cli, 'repo', 'start', ...args], env);
  },

  async test({ node, env, args }) {
    return withTestDatabase(env, async testEnv => {
      const jest = await run(node, [cli, 'repo', 'test', ...args], {
        CI: 'true',
        ...testEnv,
      });
      if (args.length > 0 || jest !== 0) return jest;
      return run(
        node,
        ['--test', 'bootstrap/*.test.mjs', 'e2e/control-plane/*.test.mjs'],
        testEnv,
      );
    });
  },

  async agentyard({ node, env, args }) {
    const main = path.join(root, 'packages', 'cli', 'src', 'main.ts');
    return run(
      node,
      ['--require', transform, main, ...args],
      env,
      process.env.INIT_CWD,
    );
  },

  /** Yarn itself, for those who have none: `node bootstrap/run.mjs yarn tsc`. */
  async yarn({ node, yarn, env, args }) {
    return run(node, [yarn.script, ...args], env);
  },

  async 'control-plane'({ node, env, args }) {
    return run(
      node,
      [path.join(root, 'e2e', 'control-plane', 'cli.mjs'), ...args],
      env,
    );
  },
};

/** Runs to the end in the foreground; Ctrl+C reaches the child by itself, a termination is passed on. */
function run(node, args, env, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(node.executable, args, { cwd, env, stdio: 'inherit' });
    const pass = signal => child.kill(signal);
    process.on('SIGTERM', pass);
    process.on('SIGINT', () => {});
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
