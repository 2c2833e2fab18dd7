import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const usage = `Usage: node e2e/templates/run.mjs [--fast]

Judges what the templates render, and the services that come of it: their own tests, the MCP conformance suite, a
Kubernetes API server's dry run. --fast leaves the services out. Prints counts; exit code 1 when something failed.
`;

const folder = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
if (args.some(arg => arg !== '--fast')) {
  process.stderr.write(usage);
  process.exit(2);
}

const tests = ['mcp-server-typescript.test.ts'];
if (!args.includes('--fast'))
  tests.push('mcp-server-typescript.service.test.ts');

const child = spawn(
  process.execPath,
  [
    '--no-node-snapshot',
    '--require',
    createRequire(import.meta.url).resolve(
      '@backstage/cli/config/nodeTransform.cjs',
    ),
    '--test',
    '--test-concurrency=1',
    // Backends under test keep timers that nothing ends.
    '--test-force-exit',
    ...tests.map(test => path.join(folder, test)),
  ],
  { stdio: 'inherit', cwd: path.join(folder, '../..') },
);
child.on('close', code => {
  process.exitCode = code ?? 1;
});
