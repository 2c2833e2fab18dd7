import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mcpServerApiEntityValidator } from '@backstage/catalog-model/alpha';
import {
  componentEntityV1alpha1Validator,
  Entity,
} from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import { DockerfileParser } from 'dockerfile-ast';
import { parse, parseAllDocuments } from 'yaml';
import {
  everything,
  least,
  withRollout,
} from './mcp-server-typescript.parameters';
import { ParametersRefused, Rendered, startScaffolder } from './renderTemplate';

const template = 'mcp-server-typescript';

let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
before(async () => {
  scaffolder = await startScaffolder();
});
after(() => scaffolder?.stop());

const files = [
  '.dockerignore',
  '.gitignore',
  '.npmrc',
  'Dockerfile',
  'README.md',
  'catalog-info.yaml',
  'data/items.json',
  'deploy/configmap.yaml',
  'deploy/deployment.yaml',
  'deploy/networkpolicy.yaml',
  'deploy/poddisruptionbudget.yaml',
  'deploy/service.yaml',
  'deploy/serviceaccount.yaml',
  'openapi/openapi.yaml',
  'package-lock.json',
  'package.json',
  'scripts/openapi.ts',
  'src/config.ts',
  'src/httpServer.ts',
  'src/items.ts',
  'src/logger.ts',
  'src/main.ts',
  'src/mcpEndpoint.ts',
  'src/mcpServer.ts',
  'src/metrics.ts',
  'src/openapi.ts',
  'src/recentEvents.ts',
  'src/service.ts',
  'src/sessions.ts',
  'src/toolCalls.ts',
  'src/tools/getItem.ts',
  'src/tools/index.ts',
  'src/tools/quoteOrder.ts',
  'src/tools/searchItems.ts',
  'src/tools/tool.ts',
  'test/conformance/fixtures.ts',
  'test/conformance/run.ts',
  'test/conformance/serve.ts',
  'test/http.test.ts',
  'test/mcp.test.ts',
  'test/openapi.test.ts',
  'test/resume.test.ts',
  'test/service.ts',
  'test/stop.test.ts',
  'test/tools.test.ts',
  'tsconfig.json',
];

for (const { form, parameters, namespace, own, image } of [
  {
    form: 'a form filled in completely',
    parameters: everything,
    namespace: 'shop',
    own: false,
    image: `registry.acme.dev/tools/orders-mcp:0.1.0@sha256:${'a'.repeat(64)}`,
  },
  {
    form: 'the least form',
    parameters: least,
    namespace: 'abc',
    own: true,
    image: 'localhost:5000/abc:0.1.0',
  },
]) {
  describe(`rendered from ${form}`, () => {
    const name = String(parameters.name);
    let rendered: Rendered;
    const file = (path: string): string => {
      const text = rendered.files.get(path);
      assert.ok(text !== undefined, `${path} is missing`);
      return text;
    };
    before(async () => {
      rendered = await scaffolder.render(template, parameters);
    });

    test('the repository has exactly these files', () => {
      const expected = own ? [...files, 'deploy/00-namespace.yaml'] : files;
      assert.deepEqual([...rendered.files.keys()].sort(), [...expected].sort());
    });

    test('no template syntax is left', () => {
      for (const [path, text] of rendered.files) {
        assert.ok(!text.includes('${{'), path);
        assert.ok(!/\{%-? ?(if|raw|endif|endraw)/.test(text), path);
      }
    });

    test('package.json and its lock file say who it is', () => {
      const manifest = JSON.parse(file('package.json'));
      assert.equal(manifest.name, name);
      assert.equal(manifest.description, parameters.description);
      assert.deepEqual(manifest.config, {
        port: String(parameters.port),
        serverUrl: parameters.serverUrl,
      });
      const lock = JSON.parse(file('package-lock.json'));
      const { dependencies, devDependencies } = lock.packages[''];
      assert.equal(lock.name, name);
      assert.deepEqual(
        { dependencies, devDependencies },
        {
          dependencies: manifest.dependencies,
          devDependencies: manifest.devDependencies,
        },
      );
    });

    test('every dependency is pinned, with a hash and without the address of a registry', () => {
      const { packages } = JSON.parse(file('package-lock.json'));
      for (const [path, entry] of Object.entries<JsonObject>(packages)) {
        if (path === '') continue;
        assert.match(String(entry.integrity), /^sha512-/, path);
        assert.equal(entry.resolved, undefined, path);
        assert.ok(
          !entry.hasInstallScript,
          `${path} wants to run an install script`,
        );
      }
    });

    test('catalog-info.yaml holds the service and its MCP server', async () => {
      const [component, api] = parseAllDocuments(file('catalog-info.yaml')).map(
        document => document.toJS() as Entity,
      );
      assert.equal(
        await componentEntityV1alpha1Validator.check(component),
        true,
      );
      assert.equal(await mcpServerApiEntityValidator.check(api), true);
      assert.equal(component.metadata.name, name);
      assert.equal(component.metadata.description, parameters.description);
      assert.deepEqual(component.spec?.providesApis, [api.metadata.name]);
      for (const { spec } of [component, api]) {
        assert.equal(spec?.owner, parameters.owner);
        assert.equal(spec?.system, parameters.system);
      }
      assert.deepEqual(api.spec?.remotes, [
        { type: 'streamable-http', url: `${parameters.serverUrl}/mcp` },
      ]);
    });

    test('each OpenAPI operation is a tool under the prefix of the service', () => {
      const { info, paths } = parse(file('openapi/openapi.yaml'));
      assert.equal(info.title, name);
      assert.equal(info.description, parameters.description);
      const prefix = name.replaceAll('-', '_');
      assert.deepEqual(Object.keys(paths), [
        `/tools/${prefix}_search_items`,
        `/tools/${prefix}_get_item`,
        `/tools/${prefix}_quote_order`,
      ]);
      for (const [path, { post }] of Object.entries<{ post: JsonObject }>(
        paths,
      )) {
        assert.equal(path, `/tools/${post.operationId}`);
        assert.equal(
          (post['x-mcp-tool'] as JsonObject).server_url,
          `${parameters.serverUrl}/mcp`,
        );
      }
    });

    describe('the Dockerfile', () => {
      const dockerfile = () => DockerfileParser.parse(file('Dockerfile'));
      const commands = (keyword: string) =>
        dockerfile()
          .getInstructions()
          .filter(instruction => instruction.getKeyword() === keyword)
          .map(instruction => instruction.getArgumentsContent() ?? '');

      test('builds on one image with tag and digest, in two stages', () => {
        assert.deepEqual(commands('ARG'), [
          `NODE_IMAGE=${parameters.baseImage}`,
        ]);
        assert.deepEqual(
          dockerfile()
            .getFROMs()
            .map(from => from.getImage()),
          ['${NODE_IMAGE}', '${NODE_IMAGE}'],
        );
      });

      test('installs from the lock file, tests, and leaves what only tests need', () => {
        const [install, check] = commands('RUN');
        assert.equal(install, 'npm ci');
        assert.match(check, /npm test && npm prune --omit=dev/);
      });

      test('runs as a user by number, not as root', () => {
        assert.deepEqual(commands('USER'), ['1000:1000']);
      });

      test('checks health with a program of the image', () => {
        const [check] = dockerfile().getHEALTHCHECKs();
        const [, command] =
          /CMD (\[.*\])$/.exec(check.getArgumentsContent() ?? '') ?? [];
        const [program, flag, script] = JSON.parse(command);
        assert.deepEqual([program, flag], ['node', '-e']);
        assert.match(script, /\/health/);
      });

      test('listens on the chosen port', () => {
        assert.deepEqual(commands('EXPOSE'), [String(parameters.port)]);
        assert.match(
          commands('ENV').join(),
          new RegExp(`PORT=${parameters.port}`),
        );
      });

      test('copies only what .dockerignore lets through', () => {
        const allowed = file('.dockerignore')
          .split('\n')
          .filter(line => line.startsWith('!'))
          .map(line => line.slice(1));
        const needed = [
          'package.json',
          'package-lock.json',
          '.npmrc',
          'tsconfig.json',
          'data',
          'src',
          'test',
          'openapi',
          'scripts',
        ];
        assert.deepEqual([...allowed].sort(), [...needed].sort());
      });
    });

    describe('the manifests', () => {
      const manifests = () =>
        [...rendered.files.keys()]
          .filter(path => path.startsWith('deploy/'))
          .map(path => parse(file(path)));
      const manifest = (kind: string) =>
        manifests().find(object => object.kind === kind);

      test('are valid by the schemas of Kubernetes', () => {
        for (const object of manifests()) {
          const [group, version] = object.apiVersion.includes('/')
            ? object.apiVersion.split('/')
            : ['', object.apiVersion];
          const Model = require(`kubernetes-models/${
            group ? `${group}/` : ''
          }${version}/${object.kind}`)[object.kind];
          new Model(object).validate();
        }
      });

      test('name their namespace', () => {
        for (const object of manifests()) {
          if (object.kind === 'Namespace')
            assert.equal(object.metadata.name, namespace);
          else assert.equal(object.metadata.namespace, namespace, object.kind);
        }
      });

      test('run the image that was given, never latest', () => {
        assert.equal(
          manifest('Deployment').spec.template.spec.containers[0].image,
          image,
        );
      });

      test('run two replicas without privileges, root, tokens or a writable disk', () => {
        const { replicas, template: pod } = manifest('Deployment').spec;
        const [container] = pod.spec.containers;
        assert.equal(replicas, 2);
        assert.equal(pod.spec.automountServiceAccountToken, false);
        assert.equal(
          manifest('ServiceAccount').automountServiceAccountToken,
          false,
        );
        assert.equal(
          pod.spec.serviceAccountName,
          manifest('ServiceAccount').metadata.name,
        );
        assert.equal(pod.spec.securityContext.runAsNonRoot, true);
        assert.deepEqual(pod.spec.securityContext.seccompProfile, {
          type: 'RuntimeDefault',
        });
        assert.deepEqual(container.securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        for (const bound of ['requests', 'limits']) {
          assert.deepEqual(Object.keys(container.resources[bound]), [
            'cpu',
            'memory',
          ]);
        }
        for (const probe of [
          'startupProbe',
          'livenessProbe',
          'readinessProbe',
        ]) {
          assert.equal(container[probe].httpGet.port, 'http');
        }
      });

      test('select the pods of the Deployment, in Service, PDB and NetworkPolicy', () => {
        const { selector, template: pod } = manifest('Deployment').spec;
        for (const labels of [
          selector.matchLabels,
          manifest('Service').spec.selector,
          manifest('PodDisruptionBudget').spec.selector.matchLabels,
          manifest('NetworkPolicy').spec.podSelector.matchLabels,
        ]) {
          assert.ok(Object.keys(labels).length > 0);
          for (const [key, value] of Object.entries(labels)) {
            assert.equal(pod.metadata.labels[key], value);
          }
        }
      });

      test('give the port to the container that the process listens on', () => {
        const { data } = manifest('ConfigMap');
        const [container] =
          manifest('Deployment').spec.template.spec.containers;
        assert.equal(data.PORT, String(parameters.port));
        assert.equal(data.HOST, '0.0.0.0');
        assert.deepEqual(container.ports, [
          { name: 'http', containerPort: parameters.port },
        ]);
        assert.deepEqual(container.envFrom, [
          { configMapRef: { name: manifest('ConfigMap').metadata.name } },
        ]);
      });

      test('allow the host names of the Service and of the base URL', () => {
        const { hostname } = new URL(String(parameters.serverUrl));
        const hosts = manifest('ConfigMap').data.ALLOWED_HOSTS.split(',');
        assert.ok(hosts.includes(hostname));
        assert.ok(hosts.includes(`${name}.${namespace}.svc.cluster.local`));
        assert.equal(manifest('ConfigMap').data.ALLOWED_ORIGINS, hostname);
      });
    });
  });
}

test('its three tools go into the signed catalog of the portal, and the page says where', async () => {
  const { output, log } = await scaffolder.render(template, everything);
  assert.ok(
    log.some(line => line.includes('would publish 3 tools as "orders-mcp"')),
  );
  const links = output.links as { title: string; url: string }[];
  assert.equal(
    links.find(({ title }) => title === 'See the signed catalog')?.url,
    'http://localhost:7007/.well-known/api-catalog',
  );
  assert.match(JSON.stringify(output.text), /git clone \S+orders-mcp\.git/);
});

for (const [gitHost, action] of [
  ['local', 'agentyard:publish:local-git'],
  ['github', 'publish:github'],
  ['gitlab', 'publish:gitlab'],
  ['gitea', 'publish:gitea'],
]) {
  test(`with ${gitHost} as Git host, ${action} publishes, and it alone`, async () => {
    const { log } = await scaffolder.render(template, {
      ...everything,
      gitHost,
      repoUrl: 'git.acme.dev?owner=tools&repo=orders-mcp',
    });
    const ran = log.flatMap(
      line => /Running (\S*publish:\S+) in dry-run mode/.exec(line)?.[1] ?? [],
    );
    assert.deepEqual(ran, [action]);
  });
}

describe('a bad form is refused', () => {
  for (const [field, value] of [
    ['name', 'Orders'],
    ['name', 'orders_mcp'],
    ['name', '1orders'],
    ['name', 'orders-'],
    ['name', 'ab'],
    ['name', 'a'.repeat(41)],
    ['name', '../orders'],
    ['description', 'too short'],
    ['description', 'over two\nlines of text'],
    ['owner', 'group:default/a\nb'],
    ['serverUrl', 'ftp://orders.acme.dev'],
    ['serverUrl', 'http://orders.acme.dev'],
    ['serverUrl', 'https://orders.acme.dev/'],
    ['serverUrl', 'https://user:secret@orders.acme.dev'],
    ['serverUrl', 'https://orders.acme.dev/?q=1'],
    ['image', 'registry.acme.dev/orders'],
    ['image', 'registry.acme.dev/orders:latest'],
    ['imageDigest', 'sha256:short'],
    ['imageDigest', undefined],
    ['baseImage', 'node:24'],
    ['namespace', 'kube-system'],
    ['namespace', 'Shop'],
    ['port', 80],
    ['port', '8080; rm'],
    ['cluster', 'no cluster/../'],
    ['gitHost', 'sourceforge'],
    ['gitHost', 'github'],
  ] as const) {
    test(`${field}: ${JSON.stringify(value)}`, async () => {
      await assert.rejects(
        scaffolder.render(template, { ...withRollout, [field]: value }),
        ParametersRefused,
      );
    });
  }
});
