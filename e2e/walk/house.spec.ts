import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Plan, Run } from '@agentyard/plugin-rollouts-common';
import { runServerScenarios } from '../templates/conformance';
import { run, startService } from '../templates/process';
import { askPortal } from './world/api';
import { watchPods } from './world/cluster';
import { enter, look, picture } from './world/look';
import { deployment } from './world/manifests';
import { folder, portal, world } from './world/world';

const root = path.resolve(__dirname, '../..');
const service = 'parcel-mcp';

test.describe.configure({ mode: 'serial' });

test.describe('the way through the house', () => {
  test('begins at home, which says what is here', async ({ page }) => {
    await enter(page);
    await expect(
      page.getByRole('heading', { name: 'Is anything waiting for me?' }),
    ).toBeVisible();
    const tools = page.getByRole('link', { name: 'Tools' }).last();
    await expect(tools).toBeVisible();
    // Two of the world's sources are bad on purpose, and home says so.
    await expect(page.getByText(/is refused/).first()).toBeVisible();
    await look(page, 'home');
  });

  test('leads to a tool, its schema and the verdict on its catalog', async ({
    page,
  }) => {
    await enter(page, '/tools');
    await page.getByRole('searchbox').fill('echo');
    const echo = page.getByRole('link', { name: /^echo/i });
    await expect(echo).toBeVisible();
    await look(page, 'tools');

    await echo.click();
    const takes = page.getByRole('region', { name: 'What it takes' });
    await expect(takes.getByText('message', { exact: true })).toBeVisible();
    await expect(takes.getByText('required', { exact: true })).toBeVisible();
    await look(page, 'tool');

    const origin = page.getByRole('region', { name: 'Who says so' });
    await origin.getByRole('link', { name: 'Tools of this portal' }).click();
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await expect(verdict.getByText('verified', { exact: true })).toBeVisible();
    await expect(verdict.getByText('The signature holds')).toBeVisible();
    await look(page, 'catalog');
  });

  test('has every tool of the demo server as an entity', async () => {
    const { items } = await askPortal<{ items: { name: string }[] }>(
      '/tool-registry/tools?limit=500',
    );
    const entities = await askPortal<
      { relations: { type: string; targetRef: string }[]; spec: object }[]
    >('/catalog/entities?filter=kind=api,spec.type=mcp-tool');
    expect(items.length).toBeGreaterThan(10);
    expect(entities).toHaveLength(items.length);
    for (const { relations } of entities) {
      expect(relations.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['ownedBy', 'partOf', 'listedIn']),
      );
    }
  });

  test('shows why a catalog is refused, and keeps its tools out', async ({
    page,
  }) => {
    await enter(page, '/tool-catalogs');
    await look(page, 'catalogs');
    await page.getByRole('link', { name: /impostor/ }).click();
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await expect(verdict.getByText('refused', { exact: true })).toBeVisible();
    await expect(
      verdict
        .locator('code')
        .filter({ hasText: /^[A-Z_]+$/ })
        .first(),
    ).toBeVisible();
    await expect(
      page.getByText('No state of it was ever accepted'),
    ).toBeVisible();

    await page.goto('/tool-catalogs/private');
    await expect(page.getByText('SSRF_BLOCKED').first()).toBeVisible();

    await page.goto('/sources');
    await expect(page.getByText('SSRF_BLOCKED').first()).toBeVisible();
    await look(page, 'sources');
  });

  test('shows what answers, and a cluster that is down beside one that is up', async ({
    page,
  }) => {
    await enter(page, '/servers');
    await expect(page.getByText('healthy', { exact: true })).toBeVisible();
    await look(page, 'servers');

    await page.goto('/rollouts/clusters');
    await expect(
      page
        .getByRole('region', { name: 'Production' })
        .getByText('reachable', { exact: true }),
    ).toBeVisible();
    await expect(
      page
        .getByRole('region', { name: 'Edge' })
        .getByText('unreachable')
        .first(),
    ).toBeVisible();
    await look(page, 'clusters');
  });

  test('creates a service from the template and rolls it out', async ({
    page,
  }) => {
    await enter(page, '/create/templates/default/mcp-server-typescript');
    const name = page.locator('#root_name');
    await name.fill('Parcel MCP!');
    await page
      .locator('#root_description')
      .fill('Find parcels and where they are.');
    const owner = page.locator('[id="root_owner"], #owner').first();
    await owner.fill('platform');
    await page
      .getByRole('option', { name: /platform-team|Platform team/ })
      .click();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(
      page.getByText(/Use 3 to 40 lower-case letters/).first(),
    ).toBeVisible();
    await picture(page, 'create-refused');
    await name.fill(service);
    await page.getByRole('button', { name: 'Next' }).click();

    await page.locator('#root_serverUrl').fill('http://localhost:7310');
    await page
      .locator('#root_image')
      .fill('registry.example.org/tools/parcel-mcp:0.1.0');
    await page.getByRole('button', { name: 'Next' }).click();

    await expect(page.getByText('Where is its source?').first()).toBeVisible();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.locator('#root_cluster').fill('prod');
    await page.locator('#root_imageDigest').fill(`sha256:${'a1'.repeat(32)}`);
    await picture(page, 'create');
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Create' }).click();

    await expect(
      page.getByRole('link', { name: 'Open the service' }),
    ).toBeVisible({ timeout: 180_000 });
  });

  test('ends with the release on the entity page', async ({ page }) => {
    const { items } = await askPortal<{ items: Run[] }>(
      `/rollouts/runs?name=${service}`,
    );
    expect(items).toMatchObject([{ state: 'succeeded', cluster: 'prod' }]);

    await enter(page, `/catalog/default/component/${service}`);
    await expect(page.getByRole('heading', { name: service })).toBeVisible();
    await page.goto(`/catalog/default/component/${service}/rollouts`);
    const stands = page.getByRole('region', { name: 'What stands' });
    await expect(stands.getByText('Release 1')).toBeVisible();
    await look(page, 'entity-rollouts');

    await page.goto(`/rollouts/runs/${items[0].id}`);
    const verdict = page.getByRole('region', { name: 'Is it good?' });
    await expect(verdict.getByText('succeeded')).toBeVisible();
    await look(page, 'run-succeeded');

    const { stdout } = await promisify(execFile)(world().kubectl, [
      ...['--kubeconfig', world().kubeconfig, '--namespace', service],
      ...[
        'get',
        'deployment',
        service,
        '-o',
        'jsonpath={.status.readyReplicas}',
      ],
    ]);
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  test('leaves a repository whose service passes its own tests and the conformance suite', async () => {
    const clone = await mkdtemp(path.join(tmpdir(), `${service}-`));
    try {
      const git = await run(
        'git',
        ['clone', path.join(folder, 'git', `${service}.git`), clone],
        { cwd: tmpdir() },
      );
      expect(git, git.stderr).toMatchObject({ code: 0 });
      const install = await run('npm', ['install'], { cwd: clone });
      expect(install, install.stderr).toMatchObject({ code: 0 });
      const tests = await run('npm', ['test'], { cwd: clone });
      expect(tests, tests.stdout + tests.stderr).toMatchObject({ code: 0 });

      const started = await startService(
        'npm',
        ['run', '-s', 'conformance:serve'],
        {
          cwd: clone,
          env: { PORT: '0' },
        },
      );
      try {
        const results = await runServerScenarios(`${started.url}/mcp`);
        expect(results.size).toBeGreaterThan(20);
        const failed = [...results].filter(
          ([, { failures }]) => failures.length,
        );
        expect(failed).toEqual([]);
      } finally {
        await started.stop();
      }
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  });

  test('leaves a signed catalog that verifies, with the new tools in it', async () => {
    const { code, stdout } = await run(
      'npm',
      [
        ...['run', '-s', 'agentyard', '--', 'catalog', 'verify'],
        'http://localhost:7007/.well-known/api-catalog',
        ...['--publisher', 'did:web:localhost%3A7007', '--allow-loopback'],
        ...['--output', 'json'],
      ],
      { cwd: root },
    );
    expect(code).toBe(0);
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ status: 'verified', reasons: [] });
    expect(verdict.tools).toEqual(
      expect.arrayContaining([expect.stringMatching(/^parcel_mcp_/), 'echo']),
    );

    // And the registry, which reads it as it would a stranger's, has taken them in.
    await expect(async () => {
      const { items } = await askPortal<{ items: { name: string }[] }>(
        '/tool-registry/tools?query=parcel',
      );
      expect(items.length).toBeGreaterThan(0);
    }).toPass({ timeout: 60_000 });
  });
});

test.describe('a rollout', () => {
  const application = 'lamp';

  async function plan(manifests: string) {
    return askPortal<Plan>('/rollouts/plans', {
      method: 'POST',
      body: {
        name: application,
        cluster: 'prod',
        namespace: 'default',
        manifests,
      },
    });
  }

  async function ended(id: string): Promise<Run> {
    let latest: Run | undefined;
    await expect(async () => {
      latest = await askPortal<Run>(`/rollouts/runs/${id}`);
      expect(latest.finishedAt).toBeTruthy();
    }).toPass({ timeout: 120_000, intervals: [250] });
    return latest!;
  }

  test('is planned and started by hand', async ({ page }) => {
    await enter(page, '/rollouts/new');
    // Before anything is typed: crossing the width of a phone lays the frame out anew.
    await look(page, 'new-plan');
    await page
      .getByRole('textbox', { name: 'Name', exact: true })
      .fill(application);
    await page
      .getByRole('textbox', { name: 'Manifests' })
      .fill(deployment({ name: application, image: 'lamp:1' }));
    await page.getByRole('button', { name: 'Make the plan' }).click();

    await expect(page.getByText('ready to start')).toBeVisible();
    await page
      .getByRole('button', { name: /Deployment default\/lamp/ })
      .click();
    await look(page, 'plan');
    await page.getByRole('button', { name: 'Start the rollout' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Start the rollout' })
      .click();
    await expect(
      page.getByRole('region', { name: 'Is it good?' }).getByText('succeeded'),
    ).toBeVisible({ timeout: 60_000 });
  });

  test('of an image that never starts is judged within a second, and taken back whole', async ({
    page,
  }) => {
    const before = await deployedImage(application);
    const bad = await plan(
      deployment({
        name: application,
        image: 'lamp:2',
        setting: 'brighter',
        failure: 'pull-error',
      }),
    );
    expect(bad.state).toBe('ready');
    const pods = watchPods({
      namespace: 'default',
      matches: pod =>
        pod.status?.containerStatuses?.some(
          ({ state }) => state?.waiting?.reason === 'ErrImagePull',
        ) ?? false,
    });
    const { id } = await askPortal<Run>('/rollouts/runs', {
      method: 'POST',
      body: { planId: bad.id, digest: bad.digest },
    });
    const run1 = await ended(id);
    const decisive = await pods.first;
    pods.stop();

    expect(run1.state).toBe('rolled-back');
    expect(run1.evidence[0]).toMatchObject({
      pod: expect.stringMatching(/^lamp-/),
      container: 'lamp',
      reason: expect.stringMatching(/ErrImagePull|ImagePullBackOff/),
    });
    expect(Date.parse(run1.evidence[0].at) - decisive).toBeLessThan(1_000);
    expect(await deployedImage(application)).toBe(before);
    expect(await setting(application)).toBe('bright');

    await enter(page, `/rollouts/runs/${id}`);
    const verdict = page.getByRole('region', { name: 'Is it good?' });
    await expect(verdict.getByText('rolled back')).toBeVisible();
    await expect(verdict.getByText(/lamp-.* › lamp/)).toBeVisible();
    await look(page, 'run-rolled-back');
  });

  test('that the API server refuses says which object, field and why', async ({
    page,
  }) => {
    const refused = await plan(
      deployment({ name: application, image: 'lamp:3' }).replace(
        'containerPort: 8080',
        'containerPort: 80800',
      ),
    );
    expect(refused.state).toBe('refused');
    expect(refused.problems[0]).toMatchObject({
      severity: 'error',
      object: { kind: 'Deployment', name: application },
      field: expect.stringContaining('containerPort'),
    });
    await enter(page, `/rollouts/plans/${refused.id}`);
    await expect(
      page.getByRole('region', { name: 'What stands in the way' }),
    ).toContainText('containerPort');
    await look(page, 'plan-refused');
    expect(await deployedImage(application)).toBe('lamp:1');
  });

  test('survives the death of the backend in its middle', async () => {
    const slow = await plan(
      deployment({
        name: application,
        image: 'lamp:4',
        failure: 'slow-start',
        delaySeconds: 20,
      }),
    );
    const { id } = await askPortal<Run>('/rollouts/runs', {
      method: 'POST',
      body: { planId: slow.id, digest: slow.digest },
    });
    await expect(async () => {
      expect(await deployedImage(application)).toBe('lamp:4');
    }).toPass({ timeout: 30_000, intervals: [100] });

    await portal.killBackend();
    await portal.stop();
    await portal.start();

    const run1 = await ended(id);
    expect(run1.state).toBe('succeeded');
    expect(await deployedImage(application)).toBe('lamp:4');
  });
});

async function kubectl(...args: string[]) {
  const { stdout } = await promisify(execFile)(world().kubectl, [
    '--kubeconfig',
    world().kubeconfig,
    ...args,
  ]);
  return stdout.trim();
}

function deployedImage(name: string) {
  return kubectl(
    ...['get', 'deployment', name, '-o'],
    'jsonpath={.spec.template.spec.containers[0].image}',
  );
}

function setting(name: string) {
  return kubectl('get', 'configmap', name, '-o', 'jsonpath={.data.setting}');
}
