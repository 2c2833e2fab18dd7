import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument } from '../src/openapi.ts';
import { service } from '../src/service.ts';
import { connect, startService } from './service.ts';

const getItem = `${service.toolPrefix}_get_item`;

for (const era of ['2025', '2026-07-28'] as const) {
  test(`a client of ${era} lists the tools as the OpenAPI document has them`, async t => {
    const { url } = await startService(t);
    const client = await connect(t, url, era);
    const { tools } = await client.listTools();
    const documented = openApiDocument().paths;
    assert.deepEqual(
      tools.map(({ name }) => `/tools/${name}`),
      Object.keys(documented),
    );
    for (const { name, inputSchema } of tools) {
      const { $schema, ...schema } = inputSchema;
      assert.deepEqual(
        schema,
        documented[`/tools/${name}`]?.post.requestBody.content['application/json'].schema,
      );
    }
  });

  test(`a client of ${era} calls a tool; it is counted and logged`, async t => {
    const { url, log } = await startService(t);
    const client = await connect(t, url, era);
    const result = await client.callTool({ name: getItem, arguments: { sku: 'LAMP-LED' } });
    assert.equal((result.structuredContent as { name: string }).name, 'Desk lamp');

    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.ok(metrics.includes(`eat_tool_executions_total{tool_name="${getItem}",status="success"} 1`));

    const line = log.find(({ event }) => event === 'tool_execution');
    assert.ok(line);
    assert.match(String(line.timestamp), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const { level, logger, message, module, tool_name, agent_id, success } = line;
    assert.deepEqual(
      { level, logger, message, module, tool_name, agent_id, success },
      {
        level: 'INFO',
        logger: service.name,
        message: 'Tool executed',
        module: 'tool',
        tool_name: getItem,
        agent_id: 'test-agent',
        success: true,
      },
    );
    assert.equal(line.function, 'execute');
    assert.ok(Number.isInteger(line.line));
  });

  test(`a client of ${era} is told why a tool refuses`, async t => {
    const { url } = await startService(t);
    const client = await connect(t, url, era);
    const unknown = await client.callTool({ name: getItem, arguments: { sku: 'NONE-1' } });
    assert.equal(unknown.isError, true);
    assert.match(JSON.stringify(unknown.content), /ITEM_NOT_FOUND/);
    const malformed = await client.callTool({ name: getItem, arguments: { sku: 'no such form' } });
    assert.equal(malformed.isError, true);
  });
}

test('an ended session and one that never was get 404, so that clients open a new one', async t => {
  const { url } = await startService(t);
  const post = (headers: Record<string, string>, method = 'ping') =>
    fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method,
        ...(method === 'initialize' && {
          params: {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'test-agent', version: '1.0.0' },
          },
        }),
      }),
    });
  const session = (await post({}, 'initialize')).headers.get('mcp-session-id');
  assert.ok(session);
  assert.equal((await post({ 'Mcp-Session-Id': session })).status, 200);
  assert.match(await (await fetch(`${url}/metrics`)).text(), /eat_active_agents 1/);

  await fetch(`${url}/mcp`, { method: 'DELETE', headers: { 'Mcp-Session-Id': session } });
  assert.equal((await post({ 'Mcp-Session-Id': session })).status, 404);
  assert.match(await (await fetch(`${url}/metrics`)).text(), /eat_active_agents 0/);
  assert.equal((await post({ 'Mcp-Session-Id': 'never-was' })).status, 404);
  assert.equal((await post({})).status, 400);
});

test('no more sessions than MAX_SESSIONS are held', async t => {
  const { url } = await startService(t, { MAX_SESSIONS: '1' });
  await connect(t, url, '2025');
  await assert.rejects(connect(t, url, '2025'), /Too many sessions/);
});
