import { KubeConfig } from '@kubernetes/client-node';
import { Cluster } from './cluster/cluster';
import { refKey } from './object';
import { redactPlan } from './plan/plan';
import { memoryRunStore } from './run/memoryRunStore';
import { Run, verdictOf } from './run/run';
import { startRun } from './run/startRun';
import {
  Application,
  configMap,
  deployment,
  describeOnCluster,
  documents,
  TestCluster,
} from './testing/cluster';

jest.setTimeout(90_000);

describeOnCluster('rollout engine on a control plane', () => {
  let test: TestCluster;
  beforeAll(async () => {
    test = await TestCluster.start();
  }, 120_000);
  afterAll(() => test?.close());

  const application = async (name: string) =>
    new Application(test.cluster, await test.target(name));
  const versions = async (
    app: Application,
    ...refs: [string, string, string][]
  ) =>
    Promise.all(
      refs.map(async ([apiVersion, kind, name]) => {
        const found = await test.read(
          apiVersion,
          kind,
          app.target.namespace,
          name,
        );
        return found?.metadata.resourceVersion;
      }),
    );

  describe('the way that is meant', () => {
    it('creates, and is done when every pod is available', async () => {
      const app = await application('shop');
      const run = await app.rollOut(
        documents(configMap('settings', { key: 'a' }), deployment('web')),
      );

      expect(run).toMatchObject({
        state: 'succeeded',
        revision: 1,
        evidence: [],
      });
      expect(run.objects.map(({ state, action }) => [action, state])).toEqual([
        ['create', 'ready'],
        ['create', 'ready'],
      ]);
      const live = await test.read(
        'apps/v1',
        'Deployment',
        app.target.namespace,
        'web',
      );
      expect(live?.status.availableReplicas).toBe(2);
      expect(live?.metadata.labels).toMatchObject({
        'agentyard.dev/rollout': 'shop',
      });
      const [release] = await app.store.listReleases(app.target);
      expect(release).toMatchObject({ revision: 1, runId: run.id });
      const inventory = await app.store.inventory(app.target);
      expect(inventory.map(({ ref, uid }) => [ref.name, uid])).toContainEqual([
        'web',
        live?.metadata.uid,
      ]);
    });

    it('updates only what changed', async () => {
      const app = await application('shop');
      await app.rollOut(
        documents(configMap('settings', { key: 'a' }), deployment('web')),
      );
      const [before] = await versions(app, ['v1', 'ConfigMap', 'settings']);

      const plan = await app.plan(
        documents(
          configMap('settings', { key: 'a' }),
          deployment('web', { image: 'registry.example/web:2' }),
        ),
      );
      expect(plan.counts).toMatchObject({ update: 1, unchanged: 1 });
      expect(
        plan.objects.find(({ action }) => action === 'update')?.diff?.changes,
      ).toEqual([
        {
          path: 'spec.template.spec.containers[0].image',
          type: 'changed',
          before: 'registry.example/web:1',
          after: 'registry.example/web:2',
        },
      ]);
      const run = await app.drive(await startRun({ store: app.store, plan }));
      expect(run.state).toBe('succeeded');
      expect(await versions(app, ['v1', 'ConfigMap', 'settings'])).toEqual([
        before,
      ]);
      // Old pods are gone, not merely outnumbered.
      const live = await test.read(
        'apps/v1',
        'Deployment',
        app.target.namespace,
        'web',
      );
      expect(live?.status).toMatchObject({ replicas: 2, updatedReplicas: 2 });
    });

    it('writes nothing when nothing changed', async () => {
      const app = await application('shop');
      const manifests = documents(
        configMap('settings', { key: 'a' }),
        deployment('web'),
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
        }),
      );
      await app.rollOut(manifests);
      const refs: [string, string, string][] = [
        ['v1', 'ConfigMap', 'settings'],
        ['apps/v1', 'Deployment', 'web'],
        ['v1', 'Service', 'web'],
      ];
      const before = await versions(app, ...refs);
      const run = await app.rollOut(manifests);
      expect(run.state).toBe('succeeded');
      expect(run.objects.every(({ action }) => action === 'unchanged')).toBe(
        true,
      );
      expect(await versions(app, ...refs)).toEqual(before);
    });

    it('makes a namespace and what goes into it in one run', async () => {
      const app = await application('shop');
      const namespace = `${app.target.namespace}-made`;
      const text = documents(
        deployment('web').replace(
          '"name":"web"',
          `"name":"web","namespace":"${namespace}"`,
        ),
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: namespace },
        }),
      );
      const plan = await app.plan(text);
      expect(
        plan.objects.map(({ ref, pending, level }) => [
          ref.kind,
          pending,
          level,
        ]),
      ).toEqual([
        ['Namespace', undefined, 0],
        ['Deployment', 'Namespace', 1],
      ]);
      expect(
        (await app.drive(await startRun({ store: app.store, plan }))).state,
      ).toBe('succeeded');
    });

    it('makes a kind and an object of that kind in one run', async () => {
      const app = await application('shop');
      const word = app.target.namespace.replace(/-/g, '');
      const crd = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${word}s.example.com` },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Widget', singular: word, plural: `${word}s` },
          versions: [
            {
              name: `v1`,
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                },
              },
            },
          ],
        },
      };
      crd.spec.group = `${word}.example.com`;
      crd.metadata.name = `${word}s.${crd.spec.group}`;
      const widget = {
        apiVersion: `${crd.spec.group}/v1`,
        kind: 'Widget',
        metadata: { name: 'one' },
        spec: { size: 3 },
      };
      const run = await app.rollOut(
        documents(JSON.stringify(widget), JSON.stringify(crd)),
        { statusGraceSeconds: 1 },
      );
      expect(run).toMatchObject({ state: 'succeeded' });
      expect(
        run.objects.find(({ ref }) => ref.kind === 'Widget')?.warning,
      ).toContain('status');
      await test.request('DELETE', crd as any);
    });
  });

  describe('what a plan refuses', () => {
    const applied = async (app: Application, name: string) =>
      test.read('v1', 'ConfigMap', app.target.namespace, name);

    it('names object, field and reason, and applies nothing at all', async () => {
      const app = await application('shop');
      const broken = JSON.parse(deployment('web'));
      broken.spec.template.spec.containers[0].image = undefined;
      broken.spec.template.spec.containers[0].ports = [
        { containerPort: 99999 },
      ];
      const plan = await app.plan(
        documents(configMap('settings', { key: 'a' }), JSON.stringify(broken)),
      );

      expect(plan).toMatchObject({
        refused: true,
        counts: { refused: 1, create: 1 },
      });
      const { ref, problems } = plan.objects.find(
        ({ action }) => action === 'refused',
      )!;
      expect(ref.name).toBe('web');
      expect(problems).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            code: 'INVALID',
            field: 'spec.template.spec.containers[0].ports[0].containerPort',
          }),
          expect.objectContaining({
            code: 'INVALID',
            field: 'spec.template.spec.containers[0].image',
          }),
        ]),
      );
      await expect(startRun({ store: app.store, plan })).rejects.toMatchObject({
        code: 'PLAN_REFUSED',
        message: expect.stringContaining('Deployment'),
      });
      expect(await applied(app, 'settings')).toBeUndefined();
    });

    it('names a field that the schema does not know', async () => {
      const app = await application('shop');
      const plan = await app.plan(
        deployment('web').replace('"replicas":2', '"replicaz":2'),
      );
      expect(plan.objects[0].problems[0]).toMatchObject({
        code: 'INVALID',
        field: expect.stringContaining('replicaz'),
      });
    });

    it('names an immutable field, and deletes nothing for its sake', async () => {
      const app = await application('shop');
      await app.rollOut(deployment('web'));
      const plan = await app.plan(
        deployment('web').replace(/"app":"web"/g, '"app":"other"'),
      );
      expect(plan.objects[0]).toMatchObject({
        action: 'refused',
        problems: [{ code: 'IMMUTABLE', field: 'spec.selector' }],
      });
    });

    it('lists who else owns which field', async () => {
      const app = await application('shop');
      await test.applyAsOther(
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings', namespace: app.target.namespace },
          data: { key: 'theirs', other: 'theirs' },
        },
        'their-operator',
      );
      const plan = await app.plan(configMap('settings', { key: 'ours' }));
      expect(plan.objects[0]).toMatchObject({
        action: 'refused',
        problems: [
          {
            code: 'CONFLICT',
            conflicts: [{ manager: 'their-operator', fields: ['data.key'] }],
          },
        ],
      });
    });

    it('knows what belongs to another application', async () => {
      const first = await application('first');
      await first.rollOut(configMap('settings', { key: 'a' }));
      const second = new Application(test.cluster, {
        ...first.target,
        name: 'second',
      });
      const plan = await second.plan(configMap('settings', { key: 'a' }));
      expect(plan.objects[0].problems[0]).toMatchObject({
        code: 'OWNED_BY_OTHER',
        message: expect.stringContaining('first'),
      });
    });

    it('knows no kind that the server does not serve, and no missing namespace', async () => {
      const app = await application('shop');
      const plan = await app.plan(
        documents(
          JSON.stringify({
            apiVersion: 'example.com/v1',
            kind: 'Nonsense',
            metadata: { name: 'x' },
          }),
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'x', namespace: 'not-there' },
          }),
        ),
      );
      expect(
        plan.objects
          .flatMap(({ problems }) => problems.map(({ code }) => code))
          .sort(),
      ).toEqual(['NAMESPACE_MISSING', 'UNKNOWN_KIND']);
    });

    it('shows that a Secret changes, and never its values', async () => {
      const app = await application('shop');
      const secret = (value: string) =>
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'token' },
          data: { token: Buffer.from(value).toString('base64') },
        });
      await app.rollOut(secret('hunter2'));
      const plan = await app.plan(secret('correct horse'));
      const shown = JSON.stringify(redactPlan(plan));
      expect(plan.objects[0].action).toBe('update');
      expect(shown).toContain('(masked, changed)');
      for (const value of ['hunter2', 'correct horse']) {
        expect(shown).not.toContain(value);
        expect(shown).not.toContain(Buffer.from(value).toString('base64'));
      }
    });

    it('does not run on a base that moved', async () => {
      const app = await application('shop');
      await app.rollOut(configMap('settings', { key: 'a' }));
      const run = await app.start(configMap('settings', { key: 'b' }));
      await test.applyAsOther({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: app.target.namespace },
        data: { meanwhile: 'yes' },
      });
      const end = await app.drive(run);
      expect(end).toMatchObject({
        state: 'failed',
        evidence: [{ reason: 'BASE_MOVED', object: { name: 'settings' } }],
      });
      expect((await applied(app, 'settings'))?.data).toEqual({
        key: 'a',
        meanwhile: 'yes',
      });
    });

    it('does not run when expired or tampered with', async () => {
      const app = await application('shop');
      const plan = await app.plan(configMap('settings', { key: 'a' }));
      const late = () => new Date(Date.parse(plan.expiresAt) + 1);
      await expect(
        startRun({ store: app.store, plan, now: late }),
      ).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
      plan.objects[0].manifest!.data.key = 'smuggled';
      await expect(startRun({ store: app.store, plan })).rejects.toMatchObject({
        code: 'PLAN_CHANGED',
      });
    });
  });

  describe('failure, and the way back', () => {
    const good = documents(
      configMap('settings', { key: 'good' }),
      deployment('web'),
    );
    const bad = (notes: Record<string, string>) =>
      documents(
        configMap('settings', { key: 'bad' }),
        configMap('added', { key: 'bad' }),
        deployment('web', { notes }),
      );

    async function expectGoodIsBack(app: Application, goodTemplate: unknown) {
      const { namespace } = app.target;
      expect(
        (await test.read('v1', 'ConfigMap', namespace, 'settings'))?.data,
      ).toEqual({ key: 'good' });
      expect(
        await test.read('v1', 'ConfigMap', namespace, 'added'),
      ).toBeUndefined();
      const live = await test.read('apps/v1', 'Deployment', namespace, 'web');
      expect(live?.spec.template).toEqual(goodTemplate);
      expect(live?.status).toMatchObject({
        updatedReplicas: 2,
        availableReplicas: 2,
        replicas: 2,
      });
      expect(live?.status.observedGeneration).toBe(live?.metadata.generation);
      const inventory = await app.store.inventory(app.target);
      expect(inventory.map(({ ref }) => ref.name).sort()).toEqual([
        'settings',
        'web',
      ]);
      expect((await app.store.latestRelease(app.target))?.revision).toBe(1);
    }
    const templateOf = async (app: Application) =>
      (await test.read('apps/v1', 'Deployment', app.target.namespace, 'web'))
        ?.spec.template;

    it.each([
      ['crash-loop', 'CrashLoopBackOff', 'looping'],
      ['pull-error', /ErrImagePull|ImagePullBackOff/, 'terminal'],
      ['missing-config', 'CreateContainerConfigError', 'terminal'],
      ['init-failure', /CrashLoopBackOff/, 'looping'],
      ['oom', 'CrashLoopBackOff', 'looping'],
    ])(
      '%s: names the pod, and the previous release is back whole',
      async (failure, reason, kind) => {
        const app = await application('shop');
        await app.rollOut(good);
        const template = await templateOf(app);
        const text = bad({ 'sim/failure': failure });
        const manifests =
          failure === 'init-failure'
            ? text.replace(
                '"containers"',
                '"initContainers":[{"name":"migrate","image":"registry.example/migrate:1"}],"containers"',
              )
            : text;
        const run = await app.rollOut(manifests);

        expect(run.state).toBe('rolled-back');
        expect(verdictOf(run)).toBe('rolled-back');
        const [evidence] = run.evidence;
        expect(evidence).toMatchObject({
          class: kind,
          object: { kind: 'Deployment', name: 'web' },
          pod: expect.stringMatching(/^web-/),
          container: failure === 'init-failure' ? 'migrate' : 'main',
          message: expect.any(String),
        });
        expect(evidence.reason).toMatch(reason);
        await expectGoodIsBack(app, template);
      },
    );

    it.each([
      [
        'one restart',
        { 'sim/failure': 'transient-crash', 'sim/restarts': '1' },
        {},
      ],
      [
        'two restarts, where three make a loop',
        { 'sim/failure': 'transient-crash', 'sim/restarts': '2' },
        { crashLoopRestarts: 3 },
      ],
      [
        'a registry that errs once',
        { 'sim/failure': 'pull-error-transient' },
        {},
      ],
      ['a slow start', { 'sim/failure': 'slow-start' }, {}],
      ['an eviction', { 'sim/failure': 'eviction' }, {}],
    ])('%s passes: no failure is seen', async (_, notes, policy) => {
      const app = await application('shop');
      const run = await app.rollOut(deployment('web', { notes }), policy);
      expect(run).toMatchObject({ state: 'succeeded', evidence: [] });
    });

    it('gives the verdict within a second of the decisive status', async () => {
      const app = await application('shop');
      await app.rollOut(good);
      const hold = test.cluster.watches.acquire({
        resource: await test.cluster.resource('v1', 'Pod'),
        namespace: app.target.namespace,
      });
      await hold.watch.synced;
      let decisive: number | undefined;
      hold.watch.subscribe({
        onSight: () => {},
        onObject: ({ status }) => {
          const reason = status?.containerStatuses?.[0]?.state?.waiting?.reason;
          if (reason === 'ErrImagePull') decisive ??= Date.now();
        },
      });
      await app.rollOut(bad({ 'sim/failure': 'pull-error' }));
      hold.release();
      const back = app.events.find(
        event => event.type === 'state' && event.state === 'rolling-back',
      );
      expect(decisive).toBeDefined();
      expect(Date.parse(back!.at) - decisive!).toBeLessThan(1000);
    });

    it('finds pods refused by quota', async () => {
      const app = await application('shop');
      await app.rollOut(good);
      const template = await templateOf(app);
      await test.applyAsOther({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'tight', namespace: app.target.namespace },
        spec: { hard: { pods: '2' } },
      });
      const run = await app.rollOut(bad({ note: 'new' }), {
        // Long enough for a busy controller to take the refusal back after the rollback.
        replicaFailureGraceSeconds: 5,
      });
      expect(run.evidence[0]).toMatchObject({
        object: { name: 'web' },
        reason: 'FailedCreate',
        message: expect.stringContaining('quota'),
      });
      expect(run.state).toBe('rolled-back');
      await expectGoodIsBack(app, template);
    });

    it('fails by the deadline what never moves', async () => {
      const app = await application('shop');
      const run = await app.rollOut(
        deployment('web', {
          notes: { 'sim/failure': 'slow-start', 'sim/delay': '60s' },
        }),
        { deadlineSeconds: 2 },
      );
      expect(run.state).toBe('rolled-back');
      expect(run.evidence[run.evidence.length - 1]).toMatchObject({
        class: 'deadline',
        reason: 'DeadlineExceeded',
      });
    });

    it('lets a fix through although the present revision is broken', async () => {
      const app = await application('shop');
      const broken = await app.rollOut(
        deployment('web', { notes: { 'sim/failure': 'crash-loop' } }),
        { rollback: 'never' },
      );
      expect(broken.state).toBe('failed');
      const fixed = await app.rollOut(deployment('web'));
      expect(fixed).toMatchObject({ state: 'succeeded', evidence: [] });
    });

    it('takes the first release back to nothing', async () => {
      const app = await application('shop');
      const run = await app.rollOut(bad({ 'sim/failure': 'crash-loop' }));
      expect(run.state).toBe('rolled-back');
      expect(await app.store.inventory(app.target)).toEqual([]);
      for (const [apiVersion, kind, name] of [
        ['v1', 'ConfigMap', 'settings'],
        ['v1', 'ConfigMap', 'added'],
        ['apps/v1', 'Deployment', 'web'],
      ]) {
        expect(
          await test.read(apiVersion, kind, app.target.namespace, name),
        ).toBeUndefined();
      }
    });

    it('gives back an object that was there before the first release', async () => {
      const app = await application('shop');
      const ref = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: app.target.namespace },
      };
      const theirs = await test.applyAsOther({
        ...ref,
        data: { theirs: 'yes' },
      });
      const run = await app.rollOut(
        documents(
          configMap('settings', { ours: 'yes' }),
          deployment('web', { notes: { 'sim/failure': 'crash-loop' } }),
        ),
      );
      expect(run.state).toBe('rolled-back');
      const after = await test.read(
        'v1',
        'ConfigMap',
        app.target.namespace,
        'settings',
      );
      expect(after?.metadata.uid).toBe(theirs.metadata.uid);
      expect(after?.data).toEqual({ theirs: 'yes' });
      expect(after?.metadata.labels).toBeUndefined();
    });

    it('frees a StatefulSet that its broken pod blocks', async () => {
      const app = await application('shop');
      const set = (notes: Record<string, string>) =>
        deployment('db', { notes })
          .replace('"Deployment"', '"StatefulSet"')
          .replace('"spec":{', '"spec":{"serviceName":"db",');
      expect((await app.rollOut(set({}))).state).toBe('succeeded');
      const run = await app.rollOut(set({ 'sim/failure': 'crash-loop' }));
      expect(run).toMatchObject({
        state: 'rolled-back',
        evidence: [{ pod: 'db-1', reason: 'CrashLoopBackOff' }],
      });
      const live = await test.read(
        'apps/v1',
        'StatefulSet',
        app.target.namespace,
        'db',
      );
      expect(live?.status).toMatchObject({ availableReplicas: 2 });
      expect(live?.status.currentRevision).toBe(live?.status.updateRevision);
    });

    it('goes back on request, and stops on request', async () => {
      const slow = deployment('web', {
        notes: { 'sim/failure': 'slow-start', 'sim/delay': '60s' },
      });
      const ends = await Promise.all(
        (['rollback', 'leave'] as const).map(async then => {
          const app = await application('shop');
          const run = await app.start(slow);
          await app.store.requestAbort(run.id, {
            by: 'user:default/ada',
            at: new Date().toISOString(),
            then,
          });
          return app.drive(run);
        }),
      );
      expect(ends.map(({ state }) => state)).toEqual([
        'rolled-back',
        'aborted',
      ]);
      expect(ends[0].evidence[0]).toMatchObject({
        class: 'aborted',
        message: 'stopped by user:default/ada',
      });
    });

    it('goes back to any release by planning its objects', async () => {
      const app = await application('shop');
      await app.rollOut(
        documents(
          configMap('settings', { key: '1' }),
          configMap('only-in-1', { key: '1' }),
        ),
      );
      await app.rollOut(configMap('settings', { key: '2' }));
      const first = (await app.store.listReleases(app.target))[1];
      const plan = await app.plan(
        '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}',
        {},
        { objects: first.objects },
      );
      expect(plan.counts).toMatchObject({ create: 1, update: 1 });
      await app.drive(await startRun({ store: app.store, plan }));
      expect(
        (await test.read('v1', 'ConfigMap', app.target.namespace, 'only-in-1'))
          ?.data,
      ).toEqual({ key: '1' });
    });
  });

  describe('pruning', () => {
    const three = documents(
      configMap('a', {}),
      configMap('b', {}),
      configMap('c', {}),
    );
    const names = async (app: Application) =>
      (
        await Promise.all(
          ['a', 'b', 'c'].map(name =>
            test.read('v1', 'ConfigMap', app.target.namespace, name),
          ),
        )
      ).flatMap(found => (found ? [found.metadata.name] : []));

    it('deletes what left the manifests, and nothing else', async () => {
      const app = await application('shop');
      await app.rollOut(three);
      const run = await app.rollOut(configMap('a', {}));
      expect(run.state).toBe('succeeded');
      expect(await names(app)).toEqual(['a']);
      expect(
        (await app.store.inventory(app.target)).map(({ ref }) => ref.name),
      ).toEqual(['a']);
    });

    it('spares another object of the same name, and one without our label', async () => {
      const app = await application('shop');
      await app.rollOut(three);
      const refTo = (name: string) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: app.target.namespace },
      });
      await test.request('DELETE', refTo('b'));
      await test.applyAsOther({
        ...refTo('b'),
        metadata: {
          ...refTo('b').metadata,
          labels: { 'agentyard.dev/rollout': 'shop' },
        },
      });
      await test.applyAsOther({
        ...refTo('c'),
        metadata: {
          ...refTo('c').metadata,
          labels: { 'agentyard.dev/rollout': 'other' },
        },
      });
      const plan = await app.plan(configMap('a', {}));
      expect(
        plan.objects
          .filter(({ action }) => action === 'keep')
          .map(({ ref, problems }) => [ref.name, problems[0].code]),
      ).toEqual([
        ['b', 'NOT_OURS'],
        ['c', 'NOT_OURS'],
      ]);
      const run = await app.drive(await startRun({ store: app.store, plan }));
      expect(run.state).toBe('succeeded');
      expect(await names(app)).toEqual(['a', 'b', 'c']);
    });

    it('spares an object that is replaced between plan and run', async () => {
      const app = await application('shop');
      await app.rollOut(three);
      const run = await app.start(
        documents(configMap('a', {}), configMap('b', {})),
      );
      const ref = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c', namespace: app.target.namespace },
      };
      await test.request('DELETE', ref);
      await test.applyAsOther(ref);
      expect(await app.drive(run)).toMatchObject({
        state: 'failed',
        evidence: [{ reason: 'BASE_MOVED' }],
      });
      expect(await names(app)).toEqual(['a', 'b', 'c']);
    });

    it('honours keep annotations, switched-off pruning and the cap', async () => {
      const app = await application('shop');
      const kept = JSON.parse(configMap('b', {}));
      kept.metadata.annotations = { 'agentyard.dev/keep': 'true' };
      await app.rollOut(
        documents(configMap('a', {}), JSON.stringify(kept), configMap('c', {})),
      );
      const actions = async (policy: object) =>
        (await app.plan(configMap('a', {}), policy)).objects.map(
          ({ ref, action }) => [ref.name, action],
        );
      expect(await actions({})).toEqual([
        ['a', 'unchanged'],
        ['b', 'keep'],
        ['c', 'prune'],
      ]);
      expect(await actions({ prune: false })).toEqual([
        ['a', 'unchanged'],
        ['b', 'keep'],
        ['c', 'keep'],
      ]);
      expect(await actions({ maxPrune: 0 })).toEqual([
        ['a', 'unchanged'],
        ['b', 'keep'],
        ['c', 'refused'],
      ]);
    });
  });

  describe('the cluster itself', () => {
    it('says unreachable when it is down', async () => {
      const kubeConfig = new KubeConfig();
      kubeConfig.loadFromOptions({
        clusters: [{ name: 'down', server: 'https://127.0.0.1:21499' }],
        users: [{ name: 'nobody' }],
        contexts: [{ name: 'down', cluster: 'down', user: 'nobody' }],
        currentContext: 'down',
      });
      const cluster = Cluster.fromKubeConfig(kubeConfig);
      await expect(cluster.version()).rejects.toMatchObject({
        code: 'UNREACHABLE',
      });
      const app = new Application(cluster, {
        cluster: 'down',
        namespace: 'x',
        name: 'shop',
      });
      await expect(app.plan(configMap('a', {}))).rejects.toMatchObject({
        code: 'UNREACHABLE',
      });
      await cluster.close();
    });

    it('does not trust a certificate of an unknown authority', async () => {
      const real = new KubeConfig();
      real.loadFromFile(test.controlPlane.kubeconfig);
      const kubeConfig = new KubeConfig();
      kubeConfig.loadFromClusterAndUser(
        {
          name: 'test',
          server: real.getCurrentCluster()!.server,
          skipTLSVerify: false,
        },
        { ...real.getCurrentUser()!, name: 'admin' },
      );
      const cluster = Cluster.fromKubeConfig(kubeConfig);
      await expect(cluster.version()).rejects.toMatchObject({
        code: 'UNREACHABLE',
        message: expect.stringMatching(/certificate/i),
      });
      await cluster.close();
    });

    it('tells a wrong token from a missing right', async () => {
      const wrong = test.connect({ bearerToken: async () => 'not-a-token' });
      await expect(
        wrong.watches && wrong.resource('apps/v1', 'Deployment'),
      ).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      await wrong.close();
    });
  });

  describe('one target, one run', () => {
    it('refuses a second run while the first is not over', async () => {
      const app = new Application(
        test.cluster,
        await test.target('shop'),
        memoryRunStore(),
      );
      const run: Run = await app.start(configMap('a', {}));
      await expect(
        app.start(configMap('a', { key: 'b' })),
      ).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
      await app.drive(run);
      expect(await app.start(configMap('a', { key: 'b' }))).toMatchObject({
        revision: 2,
      });
    });

    it('journals each intent before its outcome', async () => {
      const app = await application('shop');
      const run = await app.rollOut(
        documents(configMap('a', {}), deployment('web')),
      );
      const journal = await app.store.journal(run.id);
      expect(journal.map(({ step, phase }) => `${step} ${phase}`)).toEqual([
        'begin done',
        'apply/0 intent',
        'apply/0 done',
        'apply/1 intent',
        'apply/1 done',
        'judge done',
        'release done',
      ]);
      expect(journal.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(refKey(run.objects[0].ref)).toContain('ConfigMap');
    });
  });
});
