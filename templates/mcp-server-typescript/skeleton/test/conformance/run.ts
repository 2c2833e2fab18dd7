import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The official suite that this service is held to; fetched by npm when asked for, since no release needs it. */
const suite = '@modelcontextprotocol/conformance@0.1.16';

const server = spawn(process.execPath, ['test/conformance/serve.ts'], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: server.stdout });
const { url } = JSON.parse((await once(lines, 'line'))[0]);
lines.resume();

const command = ['exec', '--yes', `--package=${suite}`, '--', 'conformance'];
const run = spawn('npm', [...command, 'server', '--url', `${url}/mcp`, '--suite', 'all'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
const [code] = await once(run, 'exit');
server.kill('SIGTERM');
await once(server, 'exit');
process.exitCode = code ?? 1;
