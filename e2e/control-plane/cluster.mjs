import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { connect } from './api.mjs';
import { withLock } from './lock.mjs';
import { clusters } from './paths.mjs';
import { choosePorts } from './ports.mjs';
import { ControlPlaneProblem } from './problem.mjs';
import { isRunning, startDetached, stop } from './processes.mjs';
import { stagesFile } from './stages.mjs';

/** Users of a cluster, each with a random token. All are administrators; the names tell them apart in the audit log. */
const users = {
  admin: 'agentyard-admin',
  controllerManager: 'system:kube-controller-manager',
  scheduler: 'system:kube-scheduler',
  kwok: 'agentyard-kwok',
};

/** How long each part may take to stop before it is killed, in the order of stopping: an API server whose etcd is gone hangs. */
const stopOrder = [
  { part: 'kwok', patience: 5_000 },
  { part: 'kube-scheduler', patience: 5_000 },
  { part: 'kube-controller-manager', patience: 5_000 },
  { part: 'kube-apiserver', patience: 15_000 },
  { part: 'etcd', patience: 10_000 },
];

/**
 * Brings the named cluster up, or finds it up, and returns its state once nodes are ready and namespaces get their
 * service accounts.
 * @param nodes how many simulated nodes
 * @param binaries folder with the parts
 */
export async function up({ name, nodes, binaries, say }) {
  const folder = folderOf(name);
  return withLock(
    `cluster-${name}`,
    async () => {
      const present = await statusOf(name);
      if (present.state === 'up') {
        say(`cluster ${name} is up already`);
        return present;
      }
      if (present.state !== 'down') {
        say(`cluster ${name} is ${present.state}; starting it afresh`);
        await stopParts(folder);
      }
      for (let attempt = 1; ; attempt++) {
        try {
          return await start({ name, folder, nodes, binaries, say });
        } catch (error) {
          await stopParts(folder, { keepLogs: true });
          // Another program may take a port between choice and use.
          if (
            error.code === 'PART_STOPPED' &&
            /address already in use/.test(error.message) &&
            attempt < 3
          )
            continue;
          throw error;
        }
      }
    },
    {
      onWait: () =>
        say(`another command works on cluster ${name}; waiting for it`),
    },
  );
}

/** Stops the named cluster and removes all that it kept. Returns whether there was anything to stop. */
export async function down({ name, say }) {
  const folder = folderOf(name);
  return withLock(
    `cluster-${name}`,
    async () => {
      if (!fs.existsSync(folder)) return false;
      await stopParts(folder);
      return true;
    },
    {
      onWait: () =>
        say(`another command works on cluster ${name}; waiting for it`),
    },
  );
}

/** Names of all clusters that left a trace. */
export function names() {
  try {
    return fs.readdirSync(clusters).sort();
  } catch {
    return [];
  }
}

/**
 * How the named cluster is: `up` (all parts run and the API server answers), `down` (nothing there), `broken` (a part is
 * missing or silent) or `stale` (no part runs any more: a crash, a reboot).
 */
export async function statusOf(name) {
  const folder = folderOf(name);
  const files = filesOf(folder);
  const record = readRecord(folder);
  const base = {
    name,
    folder,
    kubeconfig: files.kubeconfig,
    auditLog: files.auditLog,
  };
  if (!record)
    return {
      ...base,
      state: fs.existsSync(folder) ? 'stale' : 'down',
      parts: [],
    };
  const parts = record.processes.map(each => ({
    part: each.part,
    pid: each.pid,
    running: isRunning(each),
  }));
  const whole = {
    ...base,
    server: record.server,
    binaries: record.binaries,
    parts,
  };
  if (!parts.some(part => part.running)) return { ...whole, state: 'stale' };
  if (!record.ready || parts.some(part => !part.running))
    return { ...whole, state: 'broken' };
  const answers = await apiOf(folder, record)('GET', '/readyz').catch(
    () => undefined,
  );
  return { ...whole, state: answers?.status === 200 ? 'up' : 'broken' };
}

async function start({ name, folder, nodes, binaries, say }) {
  const started = Date.now();
  const record = await withLock('ports', async () => {
    const [api, etcd, etcdPeer] = await choosePorts(
      3,
      new Set(names().flatMap(portsOf)),
    );
    return begin(folder, {
      server: `https://127.0.0.1:${api}`,
      ports: { api, etcd, etcdPeer },
      binaries,
    });
  });
  const files = filesOf(folder);
  writeFiles(files);

  const launch = (part, args) => {
    // A lower collection threshold trades a little time for a third less memory, which is what several clusters need.
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GOGC: process.env.GOGC ?? '40',
    };
    const executable = path.join(binaries, part);
    record.processes.push({
      part,
      ...startDetached({
        executable,
        args,
        env,
        log: path.join(files.logs, `${part}.log`),
      }),
    });
    writeRecord(folder, record);
  };
  const interrupted = interruption();
  const until = (what, check) =>
    waitUntil({ what, check, folder, record, interrupted });
  try {
    launch('etcd', etcdFlags(files, record.ports));
    launch('kube-apiserver', apiserverFlags(files, record.ports));
    await until('the serving certificate', () =>
      fs.existsSync(files.servingCertificate),
    );
    writeKubeconfigs(files, record.server);
    const api = apiOf(folder, record);
    await until(
      'the API server',
      async () => (await api('GET', '/readyz')).status === 200,
    );

    launch('kube-controller-manager', controllerManagerFlags(files));
    launch('kube-scheduler', [
      '--config',
      files.schedulerConfig,
      '--leader-elect=false',
      '--secure-port=0',
    ]);
    launch('kwok', [
      '--kubeconfig',
      files.kubeconfigOf('kwok'),
      '--manage-all-nodes=true',
      '--cidr=10.128.0.1/12',
      '--node-ip=10.112.0.1',
      '--config',
      files.stages,
    ]);
    await create(api, '/apis/storage.k8s.io/v1/storageclasses', storageClass);
    for (let i = 0; i < nodes; i++)
      await create(api, '/api/v1/nodes', node(`node-${i}`));
    await until('ready nodes', async () => {
      const { body } = await api('GET', '/api/v1/nodes');
      return body.items?.length === nodes && body.items.every(isReadyNode);
    });
    await until(
      'the first service account',
      async () =>
        (
          await api('GET', '/api/v1/namespaces/default/serviceaccounts/default')
        ).status === 200,
    );
    record.ready = true;
    writeRecord(folder, record);
  } finally {
    interrupted.off();
  }
  say(
    `cluster ${name} is up at ${record.server} after ${(
      (Date.now() - started) /
      1000
    ).toFixed(1)} s`,
  );
  return statusOf(name);
}

const etcdFlags = (files, { etcd, etcdPeer }) => [
  '--name=control-plane',
  `--data-dir=${files.data}`,
  `--listen-client-urls=http://127.0.0.1:${etcd}`,
  `--advertise-client-urls=http://127.0.0.1:${etcd}`,
  `--listen-peer-urls=http://127.0.0.1:${etcdPeer}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${etcdPeer}`,
  `--initial-cluster=control-plane=http://127.0.0.1:${etcdPeer}`,
  '--unsafe-no-fsync',
  '--log-level=warn',
];

const apiserverFlags = (files, { api, etcd }) => [
  `--etcd-servers=http://127.0.0.1:${etcd}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${api}`,
  `--cert-dir=${files.certificates}`,
  `--token-auth-file=${files.tokens}`,
  '--anonymous-auth=false',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${files.serviceAccountPublicKey}`,
  `--service-account-signing-key-file=${files.serviceAccountPrivateKey}`,
  '--service-cluster-ip-range=10.96.0.0/12',
  '--authorization-mode=RBAC',
  '--allow-privileged',
  '--endpoint-reconciler-type=none',
  // It taints each new node until the node-lifecycle controller, which does not run here, takes the taint away.
  '--disable-admission-plugins=TaintNodesByCondition',
  `--audit-policy-file=${files.auditPolicy}`,
  `--audit-log-path=${files.auditLog}`,
  '--audit-log-maxsize=100',
  '--audit-log-maxbackup=3',
  '--shutdown-delay-duration=0s',
];

const controllerManagerFlags = files => [
  `--kubeconfig=${files.kubeconfigOf('controllerManager')}`,
  '--leader-elect=false',
  '--bind-address=127.0.0.1',
  '--secure-port=0',
  `--service-account-private-key-file=${files.serviceAccountPrivateKey}`,
  `--root-ca-file=${files.servingCertificate}`,
  // At the default of 20 a second every tool would measure the controllers instead of itself.
  '--kube-api-qps=2000',
  '--kube-api-burst=4000',
  '--controllers=*,-node-lifecycle-controller,-node-ipam-controller,-node-route-controller,-service-lb-controller',
];

/** Counting needs only who asked what; the system's own traffic would fill the log. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'None',
      users: [
        'system:apiserver',
        users.controllerManager,
        users.scheduler,
        users.kwok,
      ],
    },
    { level: 'None', nonResourceURLs: ['/readyz*', '/livez*', '/healthz*'] },
    { level: 'Metadata' },
  ],
};

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'standard',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'simulated.agentyard.dev/volume',
  volumeBindingMode: 'Immediate',
};

const node = name => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
    },
  },
});

const isReadyNode = ({ status }) =>
  status?.conditions?.some(
    ({ type, status: value }) => type === 'Ready' && value === 'True',
  );

async function create(api, collection, object) {
  const { status, body } = await api('POST', collection, object);
  if (status !== 201 && status !== 409) {
    throw new ControlPlaneProblem(
      'NOT_READY',
      `the API server refused ${object.kind} ${object.metadata.name}: ${body.message}`,
    );
  }
}

/** Waits for a condition; stops early when a part has ended, since then it would never come. */
async function waitUntil({ what, check, folder, record, interrupted }) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (interrupted.signal) {
      throw new ControlPlaneProblem(
        'NOT_READY',
        `stopped by ${interrupted.signal} while waiting for ${what}`,
      );
    }
    const ended = record.processes.find(each => !isRunning(each));
    if (ended) {
      throw new ControlPlaneProblem(
        'PART_STOPPED',
        `${ended.part} ended while waiting for ${what}; its last lines:\n${tail(
          path.join(filesOf(folder).logs, `${ended.part}.log`),
        )}`,
        `The whole log stands in ${filesOf(folder).logs}.`,
      );
    }
    if (await Promise.resolve(check()).catch(() => false)) return;
    if (Date.now() > deadline) {
      throw new ControlPlaneProblem(
        'NOT_READY',
        `waited 60 s in vain for ${what}`,
        `The logs stand in ${filesOf(folder).logs}.`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Turns Ctrl+C and a termination into a flag, so that what was started is stopped again. */
function interruption() {
  const state = { signal: undefined, off: undefined };
  const note = signal => {
    state.signal = signal;
  };
  process.on('SIGINT', note);
  process.on('SIGTERM', note);
  state.off = () => {
    process.off('SIGINT', note);
    process.off('SIGTERM', note);
  };
  return state;
}

async function stopParts(folder, { keepLogs = false } = {}) {
  const processes = readRecord(folder)?.processes ?? [];
  for (const { part, patience } of stopOrder) {
    for (const each of processes.filter(({ part: own }) => own === part))
      await stop(each, patience);
  }
  if (!keepLogs) return fs.rmSync(folder, { recursive: true, force: true });
  const { logs } = filesOf(folder);
  for (const entry of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const file = path.join(folder, entry);
    if (file !== logs) fs.rmSync(file, { recursive: true, force: true });
  }
  return undefined;
}

export function folderOf(name) {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
    throw new ControlPlaneProblem(
      'WRONG_USE',
      `${JSON.stringify(name)} is no name for a cluster`,
      'Use lower-case letters, digits and hyphens, 40 at most.',
    );
  }
  return path.join(clusters, name);
}

function filesOf(folder) {
  const at = (...names_) => path.join(folder, ...names_);
  return {
    folder,
    kubeconfig: at('kubeconfig'),
    kubeconfigOf: user =>
      user === 'admin' ? at('kubeconfig') : at(`kubeconfig.${user}`),
    record: at('state.json'),
    data: at('etcd'),
    logs: at('logs'),
    certificates: at('certificates'),
    servingCertificate: at('certificates', 'apiserver.crt'),
    tokens: at('tokens.csv'),
    serviceAccountPrivateKey: at('service-account.key'),
    serviceAccountPublicKey: at('service-account.pub'),
    auditPolicy: at('audit-policy.json'),
    auditLog: at('audit.log'),
    schedulerConfig: at('scheduler.json'),
    stages: at('stages.yaml'),
  };
}

function begin(folder, record) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const whole = { ...record, ready: false, tokens: newTokens(), processes: [] };
  writeRecord(folder, whole);
  writePrivate(
    filesOf(folder).tokens,
    Object.entries(users)
      .map(
        ([user, name]) =>
          `${whole.tokens[user]},${name},${user},system:masters\n`,
      )
      .join(''),
  );
  return whole;
}

const newTokens = () =>
  Object.fromEntries(
    Object.keys(users).map(user => [
      user,
      crypto.randomBytes(32).toString('hex'),
    ]),
  );

function writeFiles(files) {
  fs.mkdirSync(files.logs, { mode: 0o700 });
  fs.mkdirSync(files.certificates, { mode: 0o700 });
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writePrivate(files.serviceAccountPrivateKey, privateKey);
  writePrivate(files.serviceAccountPublicKey, publicKey);
  writePrivate(files.auditPolicy, JSON.stringify(auditPolicy));
  writePrivate(files.stages, stagesFile());
  writePrivate(
    files.schedulerConfig,
    JSON.stringify({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      leaderElection: { leaderElect: false },
      // The default of 50 binds 50 pods a second.
      clientConnection: {
        kubeconfig: files.kubeconfigOf('scheduler'),
        qps: 2000,
        burst: 4000,
      },
    }),
  );
}

function writeKubeconfigs(files, server) {
  const { tokens } = readRecord(files.folder);
  const authority = fs
    .readFileSync(files.servingCertificate)
    .toString('base64');
  for (const user of Object.keys(users)) {
    // JSON is YAML, so that kubectl reads it and so does a test without a YAML parser.
    writePrivate(
      files.kubeconfigOf(user),
      `${JSON.stringify(
        {
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [
            {
              name: 'control-plane',
              cluster: { server, 'certificate-authority-data': authority },
            },
          ],
          users: [{ name: user, user: { token: tokens[user] } }],
          contexts: [
            {
              name: 'control-plane',
              context: { cluster: 'control-plane', user },
            },
          ],
          'current-context': 'control-plane',
        },
        null,
        2,
      )}\n`,
    );
  }
}

function apiOf(folder, { server, tokens }) {
  return connect({
    server,
    token: tokens.admin,
    authority: fs.readFileSync(filesOf(folder).servingCertificate, 'utf8'),
  });
}

function portsOf(name) {
  return Object.values(readRecord(folderOf(name))?.ports ?? {});
}

function readRecord(folder) {
  try {
    return JSON.parse(fs.readFileSync(filesOf(folder).record, 'utf8'));
  } catch {
    return undefined;
  }
}

function writeRecord(folder, record) {
  const { record: file } = filesOf(folder);
  writePrivate(`${file}.new`, JSON.stringify(record, null, 1));
  fs.renameSync(`${file}.new`, file);
}

function writePrivate(file, text) {
  fs.writeFileSync(file, text, { mode: 0o600 });
}

function tail(file) {
  try {
    return fs
      .readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(-5)
      .join('\n');
  } catch {
    return '(no output)';
  }
}
