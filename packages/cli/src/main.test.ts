import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Each test starts the real command.
jest.setTimeout(120_000);

const transform = require.resolve('@backstage/cli/config/nodeTransform.cjs');

let folder: string;

function agentyard(...args: string[]) {
  return new Promise<{ code: number; stdout: string; stderr: string }>(
    resolve => {
      const child = spawn(
        process.execPath,
        ['--require', transform, path.join(__dirname, 'main.ts'), ...args],
        { cwd: folder, env: { ...process.env, NODE_ENV: 'production' } },
      );
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', chunk => (stdout += chunk));
      child.stderr.on('data', chunk => (stderr += chunk));
      child.on('close', code => resolve({ code: code!, stdout, stderr }));
    },
  );
}

const issuer = 'did:web:tools.example.org';
const subject = 'https://tools.example.org/.well-known/api-catalog';
const orders = `openapi: 3.1.0
info: { title: Orders API, version: 1.4.0 }
paths:
  /orders/{orderId}:
    get:
      operationId: get_order
      summary: Read one order
      x-mcp-tool: { server_url: https://mcp.example.org/orders/mcp }
      responses: { "200": { description: The order } }
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'agentyard-cli-'));
  await mkdir(path.join(folder, 'specs'));
  await writeFile(path.join(folder, 'specs/orders.yaml'), orders);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(
    path.join(folder, 'key.pem'),
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    { mode: 0o600 },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a catalog on its way', () => {
  it('is generated, validated, signed and verified', async () => {
    const generated = await agentyard(
      ...['catalog', 'generate', 'specs', '--out', 'catalog.json'],
      ...['--base-url', 'https://tools.example.org', '--publisher', issuer],
      ...['--output', 'json'],
    );
    expect(generated).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(generated.stdout).tools).toEqual(['get_order']);

    const validated = await agentyard('catalog', 'validate', 'catalog.json');
    expect(validated).toMatchObject({
      code: 0,
      stdout: 'catalog.json is valid: 1 tools\n',
    });

    const signed = await agentyard(
      ...['catalog', 'sign', 'catalog.json', '--key', 'key.pem'],
      ...['--issuer', issuer, '--subject', subject, '--out', 'site'],
      ...['--output', 'json'],
    );
    expect(signed.code).toBe(0);
    expect(JSON.parse(signed.stdout)).toMatchObject({
      status: 'signed',
      statement: { iss: issuer, sub: subject, tools: 1 },
    });
    const token = await readFile(
      path.join(folder, 'site/.well-known/api-catalog.jws'),
      'utf8',
    );
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);

    const verified = await agentyard(
      ...['catalog', 'verify', 'site', '--output', 'json'],
    );
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      status: 'verified',
      reasons: [],
    });
  });

  it('is refused when a byte was changed after signing', async () => {
    const file = path.join(folder, 'site/.well-known/api-catalog');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('Read one order', 'Read all orders'));
    const verified = await agentyard(
      ...['catalog', 'verify', 'site', '--output', 'json'],
    );
    expect(verified.code).toBe(1);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'HASH_MISMATCH' }],
    });
  });

  it('is not generated at all from one bad document', async () => {
    await mkdir(path.join(folder, 'bad'));
    await writeFile(
      path.join(folder, 'bad/orders.yaml'),
      orders.replace(/x-mcp-tool: .*/, 'x-mcp-tool: {}'),
    );
    const generated = await agentyard(
      ...['catalog', 'generate', 'bad', '--out', 'bad.json'],
      ...['--base-url', 'https://tools.example.org', '--output', 'json'],
    );
    expect(generated.code).toBe(1);
    expect(JSON.parse(generated.stdout).reasons[0].code).toEqual(
      expect.any(String),
    );
    await expect(readFile(path.join(folder, 'bad.json'))).rejects.toThrow();
  });

  it('is not signed while it is not valid', async () => {
    await writeFile(
      path.join(folder, 'twice.json'),
      '{"version":"1.0","version":"1.0","tools":[]}',
    );
    const signed = await agentyard(
      ...['catalog', 'sign', 'twice.json', '--key', 'key.pem'],
      ...['--issuer', issuer, '--subject', subject, '--out', 'twice'],
      ...['--output', 'json'],
    );
    expect(signed.code).toBe(1);
    expect(JSON.parse(signed.stdout).reasons).toMatchObject([
      { code: 'DUPLICATE_KEY' },
    ]);
  });

  it('at a private address is not asked for', async () => {
    const verified = await agentyard(
      ...['catalog', 'verify', 'https://10.0.0.1/.well-known/api-catalog'],
      ...['--output', 'json'],
    );
    expect(verified.code).not.toBe(0);
    expect(JSON.parse(verified.stdout).reasons).not.toEqual([]);
  });
});

describe('wrong use', () => {
  it.each([
    ['a command that does not exist', ['catalogue']],
    ['an option that is missing', ['catalog', 'sign', 'catalog.json']],
    [
      'an address that is none',
      ['catalog', 'generate', 'specs', '--base-url', 'x', '--out', 'y'],
    ],
    ['a file that is not there', ['catalog', 'validate', 'nowhere.json']],
    [
      'a kubeconfig without that context',
      ['rollout', 'plan', '-f', 'specs', '--name', 'a', '--context', 'nowhere'],
    ],
  ])('such as %s ends with 2 and says why on stderr', async (_, args) => {
    const { code, stdout, stderr } = await agentyard(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });

  it('answers JSON alone where JSON was asked for', async () => {
    const { code, stdout } = await agentyard(
      ...['catalog', 'sign', 'catalog.json', '--output', 'json'],
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'error',
      error: { code: 'WRONG_USE' },
    });
  });
});

describe('an endpoint that nobody answers at', () => {
  it('could not be asked', async () => {
    const { code, stdout } = await agentyard(
      ...['mcp', 'probe', 'http://localhost:9/mcp', '--allow-loopback'],
      ...['--output', 'json'],
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'unreachable' });
  });
});
