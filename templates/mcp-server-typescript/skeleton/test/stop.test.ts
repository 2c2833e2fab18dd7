import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { connect } from './service.ts';

/** Starts the service as a process of its own. */
async function startProcess(t: TestContext, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return { child, first: JSON.parse(line) as { url: string; level: string; message: string } };
}

test('SIGTERM ends the service cleanly, with a client connected', { timeout: 60_000 }, async t => {
  const { child, first } = await startProcess(t, { PORT: '0' });
  await connect(t, first.url, '2025');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a taken port ends the start with a reason', { timeout: 60_000 }, async t => {
  const { first } = await startProcess(t, { PORT: '0' });
  const second = await startProcess(t, { PORT: new URL(first.url).port });
  assert.equal(second.first.level, 'FATAL');
  assert.match(second.first.message, /Cannot listen on 127\.0\.0\.1:/);
  const code = second.child.exitCode ?? (await once(second.child, 'exit'))[0];
  assert.equal(code, 1);
});
