import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, it } from 'node:test';
import { isSupported, ensureNode } from './node.mjs';
import { requireFreePorts } from './ports.mjs';
import { explain } from './problem.mjs';
import { registrySettings } from './yarn.mjs';

describe('the Node that runs the project', () => {
  for (const version of ['v24.0.0', 'v24.21.0', 'v22.12.0', 'v22.20.1']) {
    it(`is the present one at ${version}`, () =>
      assert.ok(isSupported(version)));
  }
  for (const version of [
    'v18.20.4',
    'v20.20.2',
    'v22.11.0',
    'v23.11.0',
    'v25.1.0',
  ]) {
    it(`is brought at ${version}`, () => assert.ok(!isSupported(version)));
  }
  it('is asked for where none is packaged', async () => {
    await assert.rejects(
      ensureNode({ version: 'v20.0.0', platform: 'sunos', arch: 'x64' }),
      {
        code: 'NODE_TOO_OLD',
        advice: /Install Node/,
      },
    );
  });
});

describe('a failed step', () => {
  const cases = [
    ['npm error code ENOTFOUND\nnpm error network request failed', 'NETWORK'],
    ['RequestError: connect ECONNREFUSED 127.0.0.1:4873', 'NETWORK'],
    [
      'npm error code ENOSPC\nnpm error nospc no space left on device',
      'DISK_FULL',
    ],
    ['npm error code ETARGET', 'NO_PACKAGE'],
    [
      'YN0028: The lockfile would have been modified by this install',
      'LOCK_CHANGED',
    ],
    ['something nobody has seen', 'FAILED'],
  ];
  for (const [output, code] of cases) {
    it(`says ${code} for "${output.split('\n')[0]}"`, () => {
      const problem = explain('yarn install', output);
      assert.equal(problem.code, code);
      assert.ok(problem.advice.length > 10);
    });
  }
});

describe('a taken port', () => {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    it(`is found on ${host}`, async t => {
      const server = net.createServer();
      const listening = await new Promise(resolve => {
        server
          .on('error', () => resolve(false))
          .listen(0, host, () => resolve(true));
      });
      if (!listening) return t.skip(`this machine has no ${host}`);
      const { port } = server.address();
      try {
        await assert.rejects(
          requireFreePorts([{ port, purpose: 'the portal' }]),
          {
            code: 'PORT_TAKEN',
            message: new RegExp(`port ${port}, which the portal needs`),
          },
        );
      } finally {
        server.close();
      }
    });
  }
});

describe('the registry that Yarn uses', () => {
  it('is the one that npm is configured with', async () => {
    const before = process.env.npm_config_registry;
    process.env.npm_config_registry = 'http://mirror.example.org:4873/npm/';
    try {
      const settings = await registrySettings();
      assert.equal(
        settings.YARN_NPM_REGISTRY_SERVER,
        'http://mirror.example.org:4873/npm',
      );
      assert.equal(settings.YARN_UNSAFE_HTTP_WHITELIST, 'mirror.example.org');
    } finally {
      if (before === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = before;
    }
  });
});
