import assert from 'node:assert/strict';
import {
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DockerfileParser, Instruction } from 'dockerfile-ast';
import { parse } from 'yaml';
import {
  ControlPlane,
  requireControlPlane,
  startControlPlane,
  stopControlPlane,
  canStartControlPlane,
} from '../control-plane/index.mjs';
import { runServerScenarios, serverScenarios } from './conformance';
import { everything, withRollout } from './mcp-server-typescript.parameters';
import { run, startService } from './process';
import { Rendered, startScaffolder } from './renderTemplate';

/** Scenarios that ask for nothing but what every server with tools has; the others need the suite's fixtures. */
const withoutFixtures = [
  'server-initialize',
  'ping',
  'tools-list',
  'logging-set-level',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
];

let folder: string;
let rendered: Rendered;
before(async () => {
  const scaffolder = await startScaffolder();
  rendered = await scaffolder.render('mcp-server-typescript', everything);
  await scaffolder.stop();
  folder = await mkdtemp(join(tmpdir(), 'orders-mcp-'));
  for (const [path, text] of rendered.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
after(() => rm(folder, { recursive: true, force: true }));

describe('the created service', () => {
  test('installs by its lock file, which stays as it was', async () => {
    const { code, stderr } = await run('npm', ['install'], { cwd: folder });
    assert.equal(code, 0, stderr);
    assert.equal(
      await readFile(join(folder, 'package-lock.json'), 'utf8'),
      rendered.files.get('package-lock.json'),
    );
  });

  test('passes its own tests', async t => {
    const { code, stdout, stderr } = await run('npm', ['test'], {
      cwd: folder,
    });
    assert.equal(code, 0, stdout + stderr);
    const [, passed] = /pass (\d+)/.exec(stdout) ?? [];
    assert.ok(Number(passed) > 0, stdout);
    t.diagnostic(`${passed} tests of the service passed`);
  });

  test('finds its OpenAPI document as its tools write it', async () => {
    const written = await readFile(
      join(folder, 'openapi/openapi.yaml'),
      'utf8',
    );
    const { code, stderr } = await run('npm', ['run', 'openapi'], {
      cwd: folder,
    });
    assert.equal(code, 0, stderr);
    const rewritten = await readFile(
      join(folder, 'openapi/openapi.yaml'),
      'utf8',
    );
    assert.deepEqual(parse(rewritten), parse(written));
  });

  describe('started by npm start', () => {
    let service: Awaited<ReturnType<typeof startService>>;
    before(async () => {
      service = await startService('npm', ['start', '--silent'], {
        cwd: folder,
        env: { PORT: '0' },
      });
    });
    after(() => service?.stop());

    test('is healthy, ready and measured', async () => {
      const health = await fetch(`${service.url}/health`);
      assert.deepEqual(await health.json(), {
        status: 'healthy',
        service: 'orders-mcp',
      });
      assert.equal((await fetch(`${service.url}/ready`)).status, 200);
      assert.match(
        await (await fetch(`${service.url}/metrics`)).text(),
        /^eat_active_agents 0$/m,
      );
    });

    test('passes the MCP conformance scenarios that ask for no fixtures', async t => {
      const results = await runServerScenarios(`${service.url}/mcp`);
      for (const scenario of withoutFixtures) {
        await t.test(scenario, () => {
          const { counts, failures } = results.get(scenario)!;
          assert.deepEqual(failures, []);
          assert.ok(counts.SUCCESS > 0);
        });
      }
    });
  });

  test("passes the MCP conformance suite's server scenarios, with the suite's fixtures in the place of its tools", async t => {
    const service = await startService(
      'npm',
      ['run', 'conformance:serve', '--silent'],
      {
        cwd: folder,
        env: { PORT: '0' },
      },
    );
    t.after(() => service.stop());
    const scenarios = await serverScenarios();
    assert.ok(scenarios.length >= 32, `only ${scenarios.length} scenarios`);
    const results = await runServerScenarios(`${service.url}/mcp`);
    for (const scenario of scenarios) {
      await t.test(scenario, sub => {
        const { counts, failures } = results.get(scenario)!;
        sub.diagnostic(JSON.stringify(counts));
        assert.deepEqual(failures, []);
        // This one is pending in the suite: it asks in words of 2025-03-26 for what 2025-11-25 brought, so that a server
        // that keeps to the versions earns warnings. test/resume.test.ts of the service shows the behaviour itself.
        if (scenario !== 'server-sse-polling') assert.ok(counts.SUCCESS > 0);
      });
    }
  });
});

describe('the image, its steps done without a container', () => {
  let image: string;
  before(async () => {
    image = await mkdtemp(join(tmpdir(), 'orders-mcp-image-'));
  });
  after(() => rm(image, { recursive: true, force: true }));

  test('holds what the service needs and no more; starts, passes its health check and stops', async () => {
    const dockerfile = DockerfileParser.parse(
      rendered.files.get('Dockerfile')!,
    );
    const build = join(image, 'build');
    const app = join(image, 'app');
    await cp(folder, build, { recursive: true });
    const prune = await run('npm', ['prune', '--omit=dev'], { cwd: build });
    assert.equal(prune.code, 0, prune.stderr);
    for (const copy of dockerfile.getCOPYs()) {
      if (copy.getFlags().length === 0) continue;
      const path = copy
        .getArguments()[0]
        .getValue()
        .replace(/^\/app\//, '');
      await cp(join(build, path), join(app, path), { recursive: true });
    }
    await assert.rejects(stat(join(app, 'node_modules/typescript')));

    const env = {
      NODE_ENV: 'production',
      ...parse(rendered.files.get('deploy/configmap.yaml')!).data,
      PORT: '0',
    };
    const [command, ...args] = execForm(dockerfile.getCMDs()[0]);
    const service = await startService(command, args, { cwd: app, env });
    const [probe, ...probeArgs] = execForm(dockerfile.getHEALTHCHECKs()[0]);
    const asInside = { cwd: app, env: { PORT: new URL(service.url).port } };
    const healthy = await run(probe, probeArgs, asInside);
    const exitCode = await service.stop();
    const gone = await run(probe, probeArgs, asInside);
    assert.deepEqual([healthy.code, exitCode, gone.code], [0, 0, 1]);
  });
});

/** Program and arguments of an instruction in exec form. */
function execForm(instruction: Instruction): string[] {
  return JSON.parse(
    /\[.*\]$/.exec(instruction.getArgumentsContent() ?? '')![0],
  );
}

const suite = requireControlPlane(
  canStartControlPlane(),
  'manifests of mcp-server-typescript',
)
  ? describe
  : describe.skip;

suite('the manifests, before a Kubernetes API server', () => {
  const name = 'template-mcp-server';
  let cluster: ControlPlane;
  const kubectl = (args: string[], input?: string) =>
    run(
      cluster.kubectl ?? 'kubectl',
      ['--kubeconfig', cluster.kubeconfig, ...args],
      {
        cwd: folder,
        input,
      },
    );

  before(async () => {
    cluster = await startControlPlane({ name, nodes: 1 });
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: everything.namespace,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    };
    const { code, stderr } = await kubectl(
      ['apply', '-f', '-'],
      JSON.stringify(namespace),
    );
    assert.equal(code, 0, stderr);
  });
  after(() => stopControlPlane({ name }));

  test('pass its dry run, without a warning', async () => {
    const { code, stdout, stderr } = await kubectl([
      'apply',
      '--server-side',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      'deploy',
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.equal(stdout.trim().split('\n').length, 6);
  });

  test('describe a pod that the restricted pod security standard admits', async () => {
    const { metadata, spec } = parse(
      rendered.files.get('deploy/deployment.yaml')!,
    ).spec.template;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        name: 'orders-mcp',
        namespace: everything.namespace,
      },
      spec: { ...spec, serviceAccountName: 'default' },
    };
    const { code, stderr } = await kubectl(
      ['create', '--dry-run=server', '-f', '-'],
      JSON.stringify(pod),
    );
    assert.equal(code, 0, stderr);
  });

  for (const [namespace, objects] of [
    [everything.namespace, 6],
    ['', 7],
  ] as const) {
    test(`are planned by the template ${
      namespace ? 'into an existing namespace' : 'with a namespace of their own'
    }`, async t => {
      const kubeconfig = parse(await readFile(cluster.kubeconfig, 'utf8'));
      const [{ cluster: server }] = kubeconfig.clusters;
      const scaffolder = await startScaffolder({
        kubernetes: {
          clusterLocatorMethods: [
            {
              type: 'config',
              clusters: [
                {
                  name: String(withRollout.cluster),
                  url: server.server,
                  authProvider: 'serviceAccount',
                  serviceAccountToken: kubeconfig.users[0].user.token,
                  caData: server['certificate-authority-data'],
                },
              ],
            },
          ],
        },
      });
      t.after(() => scaffolder.stop());
      const { namespace: given, ...rest } = withRollout;
      const { log, output } = await scaffolder.render('mcp-server-typescript', {
        ...rest,
        ...(namespace && { namespace: given }),
      });
      const text = log.join('\n');
      assert.match(text, new RegExp(`for production: ${objects} create`));
      assert.match(text, /Dry run: would start plan/);
      assert.match(
        JSON.stringify(output.links),
        /\/rollouts\/plans\/[0-9a-f-]{36}/,
      );
    });
  }
});
