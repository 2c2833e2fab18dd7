import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { connect } from './api.mjs';
import { countRequests } from './audit.mjs';
import { statusOf } from './cluster.mjs';
import {
  canStartControlPlane,
  findControlPlane,
  requireControlPlane,
  startControlPlane,
  stopControlPlane,
} from './index.mjs';
import { sources } from './paths.mjs';
import { clientOf, eventually } from './testing.mjs';

const cli = path.join(sources, 'cli.mjs');

/** Runs the command as a person does. */
const run = (args, env = {}) =>
  new Promise(resolve => {
    execFile(
      process.execPath,
      [cli, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

/** Processes whose command line names the cluster's folder: whatever of it still runs. */
const processesOf = folder =>
  fs
    .readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => {
      try {
        return fs
          .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
          .includes(`${folder}/`);
      } catch {
        return false;
      }
    });

describe('control-plane: wrong use', () => {
  for (const [title, args, says] of [
    ['no command', [], /a command is missing/],
    ['an unknown command', ['start'], /there is no command start/],
    ['an unknown option', ['up', '--cluster', 'x'], /cluster/],
    [
      'a name that would leave the folder',
      ['up', '--name', '../x'],
      /is no name for a cluster/,
    ],
    ['too many nodes', ['up', '--nodes', '100000'], /--nodes takes a number/],
    ['an unknown part', ['which', 'kubelet'], /which takes one of etcd/],
    ['a word too many', ['down', 'default'], /down does not take default/],
    [
      'one cluster and all of them',
      ['down', '--name', 'a', '--all'],
      /exclude each other/,
    ],
  ]) {
    it(`is refused with exit code 2: ${title}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
    });
  }

  it('says what to install where nothing can be built', async () => {
    const empty = fs.mkdtempSync('/tmp/no-parts-');
    const { code, stderr } = await run(['up'], {
      AGENTYARD_CONTROL_PLANE_BIN: empty,
      AGENTYARD_TEST_KUBECONFIG: '',
    });
    fs.rmSync(empty, { recursive: true });
    assert.equal(code, 2);
    assert.match(stderr, /which lacks etcd, kube-apiserver/);
  });

  it('takes the kubeconfig that AGENTYARD_TEST_KUBECONFIG names, and starts nothing', async () => {
    const { code, stdout } = await run(['up'], {
      AGENTYARD_TEST_KUBECONFIG: cli,
    });
    assert.equal(code, 0);
    assert.equal(stdout.trim().split('\n').at(-1), cli);
  });

  it('refuses a kubeconfig that is not there', async () => {
    const { code, stderr } = await run(['up'], {
      AGENTYARD_TEST_KUBECONFIG: '/nowhere/kubeconfig',
    });
    assert.equal(code, 2);
    assert.match(stderr, /which is not there/);
  });
});

const owned = !process.env.AGENTYARD_TEST_KUBECONFIG && canStartControlPlane();
const available = requireControlPlane(owned, 'control-plane: its clusters');

describe(
  'control-plane: its clusters',
  { skip: !available && 'no control plane; see above what to install' },
  () => {
    const name = `test-${process.pid}`;
    const other = `${name}-other`;
    after(async () => {
      await stopControlPlane({ name });
      await stopControlPlane({ name: other });
    });

    it('up brings two at once in under 30 s, each with its kubeconfig as the last line', async () => {
      const started = Date.now();
      const both = await Promise.all([
        run(['up', '--name', name, '--nodes', '2']),
        run(['up', '--name', other]),
      ]);
      assert.ok(
        Date.now() - started < 30_000,
        `took ${Date.now() - started} ms`,
      );
      for (const { code, stdout, stderr } of both) {
        assert.equal(code, 0, stderr);
        const api = clientOf(stdout.trim().split('\n').at(-1));
        assert.match(
          (await api('GET', '/version')).gitVersion,
          /^v1\.\d+\.\d+$/,
        );
      }
      const { kubeconfig } = await findControlPlane({ name });
      const { items } = await clientOf(kubeconfig)('GET', '/api/v1/nodes');
      assert.equal(items.length, 2);
      assert.ok(items.every(node => !node.spec.taints));
    });

    it('up when it is up gives the same kubeconfig and restarts nothing', async () => {
      const before = await statusOf(name);
      const { stdout } = await run(['up', '--name', name]);
      assert.equal(stdout.trim(), before.kubeconfig);
      assert.deepEqual(await statusOf(name), before);
    });

    it('status tells the states, in its exit code too', async () => {
      assert.equal((await run(['status', '--name', name])).code, 0);
      const absent = await run(['status', '--name', 'nobody']);
      assert.equal(absent.code, 1);
      assert.match(absent.stdout, /^nobody\tdown/);
    });

    it('which prints a kubectl that reaches it', async () => {
      const { stdout } = await run(['which', 'kubectl']);
      const { kubeconfig } = await findControlPlane({ name });
      const nodes = await new Promise((resolve, reject) => {
        execFile(
          stdout.trim(),
          ['--kubeconfig', kubeconfig, 'get', 'nodes', '-o', 'name'],
          (error, out) => (error ? reject(error) : resolve(out)),
        );
      });
      assert.equal(nodes, 'node/node-0\nnode/node-1\n');
    });

    it('refuses strangers: no token, another cluster’s token, an unknown authority', async () => {
      const read = async each =>
        JSON.parse(
          fs.readFileSync(
            (await findControlPlane({ name: each })).kubeconfig,
            'utf8',
          ),
        );
      const [own, foreign] = [await read(name), await read(other)];
      const server = own.clusters[0].cluster.server;
      const authority = each =>
        Buffer.from(
          each.clusters[0].cluster['certificate-authority-data'],
          'base64',
        );
      for (const token of ['', foreign.users[0].user.token]) {
        const { status } = await connect({
          server,
          authority: authority(own),
          token,
        })('GET', '/api');
        assert.equal(status, 401);
      }
      await assert.rejects(
        connect({
          server,
          authority: authority(foreign),
          token: own.users[0].user.token,
        })('GET', '/api'),
        /certificate|self[- ]signed/i,
      );
    });

    it(
      'listens on loopback alone',
      { skip: process.platform !== 'linux' },
      async () => {
        const { parts } = await statusOf(name);
        const sockets = new Set(
          parts.flatMap(({ pid }) =>
            fs.readdirSync(`/proc/${pid}/fd`).map(fd => {
              try {
                return fs
                  .readlinkSync(`/proc/${pid}/fd/${fd}`)
                  .match(/^socket:\[(\d+)\]$/)?.[1];
              } catch {
                return undefined;
              }
            }),
          ),
        );
        const listening = ['tcp', 'tcp6']
          .flatMap(table =>
            fs
              .readFileSync(`/proc/net/${table}`, 'utf8')
              .trim()
              .split('\n')
              .slice(1),
          )
          .map(line => line.trim().split(/\s+/))
          .filter(
            ([, , , state, , , , , , inode]) =>
              state === '0A' && sockets.has(inode),
          )
          .map(([, local]) => local.split(':')[0]);
        assert.equal(listening.length, 3);
        assert.deepEqual([...new Set(listening)], ['0100007F']);
      },
    );

    it('keeps secrets readable by their owner alone', async () => {
      const { folder } = await statusOf(name);
      assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
      const secrets = fs
        .readdirSync(folder)
        .filter(file => /kubeconfig|tokens|state|service-account/.test(file));
      assert.ok(secrets.length >= 8);
      for (const file of secrets)
        assert.equal(
          fs.statSync(path.join(folder, file)).mode & 0o077,
          0,
          file,
        );
    });

    it('counts requests by user agent from the audit log', async () => {
      const { kubeconfig, auditLog } = await findControlPlane({ name });
      const since = new Date();
      const api = clientOf(kubeconfig);
      for (let i = 0; i < 3; i++)
        await api('GET', '/api/v1/namespaces/kube-system/configmaps');
      await api('GET', '/api/v1/namespaces/default/configmaps');
      const userAgent = 'agentyard-control-plane';
      assert.deepEqual(
        await countRequests(auditLog, {
          userAgent,
          namespace: 'kube-system',
          since,
        }),
        {
          total: 3,
          byVerb: { list: 3 },
        },
      );
      assert.equal(
        (await countRequests(auditLog, { userAgent, since })).total,
        4,
      );
      assert.equal(
        (await countRequests(auditLog, { userAgent: 'kubectl/', since })).total,
        0,
      );
    });

    it('a part that died makes it broken, and up starts it afresh', async () => {
      const { parts } = await statusOf(other);
      process.kill(
        parts.find(({ part }) => part === 'kube-scheduler').pid,
        'SIGKILL',
      );
      await eventually(
        'the broken state',
        async () => (await statusOf(other)).state === 'broken',
      );
      const { code, stderr } = await run(['up', '--name', other]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /is broken; starting it afresh/);
      assert.equal((await statusOf(other)).state, 'up');
    });

    it('after a crash it is stale, even when other programs have its process ids, and up starts it afresh', async () => {
      const { parts, folder } = await statusOf(other);
      for (const { pid } of parts) process.kill(pid, 'SIGKILL');
      await eventually(
        'the stale state',
        async () => (await statusOf(other)).state === 'stale',
      );
      const file = path.join(folder, 'state.json');
      const record = JSON.parse(fs.readFileSync(file, 'utf8'));
      // This very process now bears the id of a dead part; to be stopped by mistake would end the test.
      record.processes[0].pid = process.pid;
      fs.writeFileSync(file, JSON.stringify(record));
      assert.equal((await statusOf(other)).state, 'stale');
      const { code, stderr } = await run(['up', '--name', other]);
      assert.equal(code, 0, stderr);
      assert.equal((await statusOf(other)).state, 'up');
    });

    it(
      'an interrupted up leaves nothing running',
      { skip: process.platform !== 'linux' },
      async () => {
        await stopControlPlane({ name: other });
        const child = spawn(process.execPath, [cli, 'up', '--name', other], {
          stdio: 'ignore',
        });
        const { folder } = await statusOf(other);
        await eventually(
          'the API server',
          () => processesOf(folder).length >= 2,
        );
        child.kill('SIGTERM');
        const code = await new Promise(resolve => child.on('close', resolve));
        assert.equal(code, 2);
        assert.deepEqual(processesOf(folder), []);
        assert.notEqual((await statusOf(other)).state, 'up');
      },
    );

    it('two commands at once start one cluster', async () => {
      const [one, two] = await Promise.all([
        run(['up', '--name', other]),
        run(['up', '--name', other]),
      ]);
      assert.deepEqual([one.code, two.code], [0, 0]);
      assert.equal(one.stdout, two.stdout);
      assert.equal((await statusOf(other)).parts.length, 5);
    });

    it('down stops it, quickly and without orphans, with clients still watching', async () => {
      const { folder, kubeconfig } = await statusOf(name);
      const api = clientOf(kubeconfig);
      const watching = api('GET', '/api/v1/pods?watch=1').catch(error => error);
      const started = Date.now();
      const { code, stderr } = await run(['down', '--name', name]);
      assert.equal(code, 0, stderr);
      assert.ok(
        Date.now() - started < 10_000,
        `took ${Date.now() - started} ms`,
      );
      await watching;
      assert.equal(fs.existsSync(folder), false);
      if (process.platform === 'linux')
        assert.deepEqual(processesOf(folder), []);
      assert.equal(await findControlPlane({ name }), null);
      assert.equal(
        (await statusOf(other)).state,
        'up',
        'the other cluster goes on',
      );
    });

    it('down of what is not up is fine', async () => {
      const { code, stderr } = await run(['down', '--name', name]);
      assert.equal(code, 0);
      assert.match(stderr, /was not up/);
    });

    it('the door starts and finds it too', async () => {
      const started = await startControlPlane({ name });
      assert.equal(started.simulates, true);
      assert.deepEqual(await findControlPlane({ name }), started);
    });
  },
);
