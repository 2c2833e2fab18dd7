import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createConformanceServer } from './conformance/fixtures.ts';
import { startService } from './service.ts';

test('a client whose stream breaks in the middle of a call gets the answer after it reconnects', async t => {
  const { url } = await startService(t, {}, createConformanceServer);
  const client = new Client({ name: 'test-agent', version: '1.0.0' });
  const streams: string[] = [];
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers);
        if (headers.has('last-event-id')) streams.push(headers.get('last-event-id') ?? '');
        return fetch(input, init);
      },
    }),
  );
  t.after(() => client.close());
  const result = await client.callTool({ name: 'test_reconnection', arguments: {} });
  assert.deepEqual(result.content, [{ type: 'text', text: 'Answered after the stream had ended' }]);
  assert.equal(streams.length, 1);
});
