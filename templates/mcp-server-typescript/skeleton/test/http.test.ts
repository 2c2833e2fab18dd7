import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';
import { service } from '../src/service.ts';
import { startService } from './service.ts';

const getItem = `${service.toolPrefix}_get_item`;
const callTool = (url: string, body: string, headers: Record<string, string> = {}, tool = getItem) =>
  fetch(`${url}/tools/${tool}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });

test('/health tells the name of the service', async t => {
  const { url } = await startService(t);
  const response = await fetch(`${url}/health`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: 'healthy', service: service.name });
});

test('/ready is 200 while the service takes work', async t => {
  const { url } = await startService(t);
  assert.equal((await fetch(`${url}/ready`)).status, 200);
});

test('/openapi.yaml is the file of the repository, byte for byte: catalogs pin its hash', async t => {
  const { url } = await startService(t);
  const served = Buffer.from(await (await fetch(`${url}/openapi.yaml`)).arrayBuffer());
  assert.deepEqual(served, await readFile(new URL('../openapi/openapi.yaml', import.meta.url)));
});

test('a tool answers plain HTTP as OpenAPI describes it', async t => {
  const { url } = await startService(t);
  const response = await callTool(url, '{"sku":"LAMP-LED"}');
  assert.equal(response.status, 200);
  assert.equal(((await response.json()) as { name: string }).name, 'Desk lamp');
});

for (const { what, body, tool, type, status, code } of [
  { what: 'input that does not fit', body: '{"sku":7}', status: 400, code: 'INVALID_INPUT' },
  { what: 'a body that is no JSON', body: '{', status: 400, code: 'INVALID_JSON' },
  { what: 'a SKU that is not there', body: '{"sku":"NONE-1"}', status: 422, code: 'ITEM_NOT_FOUND' },
  { what: 'a tool that is not there', body: '{}', tool: 'other', status: 404, code: 'UNKNOWN_TOOL' },
  { what: 'a form', body: 'sku=1', type: 'text/plain', status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
]) {
  test(`${what} is refused with ${code}`, async t => {
    const { url } = await startService(t);
    const response = await callTool(url, body, type ? { 'Content-Type': type } : {}, tool);
    assert.equal(response.status, status);
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, code);
  });
}

for (const path of ['/mcp', `/tools/${getItem}`]) {
  test(`${path} refuses a body over MAX_BODY_BYTES`, async t => {
    const { url } = await startService(t, { MAX_BODY_BYTES: '1000' });
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ sku: 'A'.repeat(2000) }),
    });
    assert.equal(response.status, 413);
  });

  test(`${path} refuses a web page of another origin, and logs it`, async t => {
    const { url, log } = await startService(t);
    const response = await fetch(url + path, { method: 'POST', headers: { Origin: 'https://evil.example.com' } });
    assert.equal(response.status, 403);
    assert.ok(log.some(({ event }) => event === 'security_violation'));
  });

  test(`${path} refuses a host name that is not its own`, async t => {
    const { url } = await startService(t);
    const status = await new Promise(resolve =>
      request(url + path, { method: 'POST', headers: { Host: 'evil.example.com' } }, res => {
        res.resume();
        resolve(res.statusCode);
      }).end(),
    );
    assert.equal(status, 403);
  });
}

test('metrics label requests by route, not by path', async t => {
  const { url } = await startService(t);
  await fetch(`${url}/some/path/${crypto.randomUUID()}`);
  await callTool(url, '{"sku":"LAMP-LED"}');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const routes = new Set([...metrics.matchAll(/http_request_duration_seconds_count\{route="([^"]*)"/g)].map(m => m[1]));
  assert.deepEqual([...routes].sort(), ['/tools', 'other']);
});

test('a bad environment stops the start and is named', () => {
  assert.throws(() => readConfig({ PORT: 'http', MAX_SESSIONS: '-1' }), /PORT[\s\S]*MAX_SESSIONS|MAX_SESSIONS[\s\S]*PORT/);
});
