import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { openApiDocument } from '../src/openapi.ts';

test('openapi/openapi.yaml is what the tools say (else: npm run openapi)', async () => {
  const file = await readFile(new URL('../openapi/openapi.yaml', import.meta.url), 'utf8');
  assert.deepEqual(parse(file), JSON.parse(JSON.stringify(openApiDocument())));
});
