import { execFile, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './lock.mjs';
import { cache, sources } from './paths.mjs';
import { ControlPlaneProblem } from './problem.mjs';

/** What a control plane consists of. All of them are one binary, which acts as the part that it is called by. */
export const parts = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kubectl',
];

const inputs = ['go.mod', 'go.sum', 'main.go'];

/** Where this version of the sources is, or will be, built. */
export function builtFolder() {
  const hash = crypto.createHash('sha256');
  for (const name of inputs)
    hash.update(name).update(fs.readFileSync(path.join(sources, name)));
  hash.update(`${process.platform}-${process.arch}`);
  return path.join(cache, hash.digest('hex').slice(0, 16));
}

/**
 * The folder with the parts: the one that AGENTYARD_CONTROL_PLANE_BIN names, else the built one, else undefined.
 * @throws ControlPlaneProblem NO_CONTROL_PLANE when the named folder lacks a part
 */
export function findBinaries() {
  const given = process.env.AGENTYARD_CONTROL_PLANE_BIN;
  if (given) {
    const missing = parts.filter(part => !isFile(path.join(given, part)));
    if (missing.length > 0) {
      throw new ControlPlaneProblem(
        'NO_CONTROL_PLANE',
        `AGENTYARD_CONTROL_PLANE_BIN names ${given}, which lacks ${missing.join(
          ', ',
        )}`,
        `Put them there, executable (Kubernetes 1.36, etcd 3.6, kwok 0.8), or unset the variable.`,
      );
    }
    return path.resolve(given);
  }
  const folder = builtFolder();
  return isFile(path.join(folder, 'control-plane')) ? folder : undefined;
}

/** Whether a Go command is at hand. */
export async function hasGo() {
  try {
    await promisify(execFile)('go', ['version']);
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds the binary unless it is built already. The first time takes minutes, most of them compiling Kubernetes; later
 * ones find it in Go's own build cache.
 * @returns the folder with the parts
 */
export async function build({ say }) {
  const folder = builtFolder();
  return withLock('build', () => buildOnce(folder, say), {
    onWait: () =>
      say('another command is building the control plane; waiting for it'),
  });
}

async function buildOnce(folder, say) {
  if (isFile(path.join(folder, 'control-plane'))) return folder;
  if (!(await hasGo())) {
    throw new ControlPlaneProblem(
      'NO_CONTROL_PLANE',
      'the control plane is not built, and there is no Go to build it with',
      noControlPlaneAdvice,
    );
  }
  say('building etcd, Kubernetes and kwok (about 5 minutes the first time) …');
  const started = Date.now();
  fs.mkdirSync(cache, { recursive: true });
  const work = fs.mkdtempSync(path.join(cache, 'building-'));
  try {
    await go([
      'build',
      '-trimpath',
      '-ldflags',
      linkerFlags(),
      '-o',
      path.join(work, 'control-plane'),
      '.',
    ]);
    for (const part of parts)
      fs.symlinkSync('control-plane', path.join(work, part));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(work, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  say(`built in ${Math.round((Date.now() - started) / 1000)} s`);
  return folder;
}

/** Without these the API server calls itself v0.0.0-master, and clients that look at versions go astray. */
function linkerFlags() {
  const version = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/m.exec(
    fs.readFileSync(path.join(sources, 'go.mod'), 'utf8'),
  );
  const [, full, major, minor] = version;
  const stamps = {
    'k8s.io/component-base/version.gitVersion': full,
    'k8s.io/component-base/version.gitMajor': major,
    'k8s.io/component-base/version.gitMinor': minor,
    'k8s.io/client-go/pkg/version.gitVersion': full,
  };
  return [
    '-s',
    '-w',
    ...Object.entries(stamps).map(([name, value]) => `-X ${name}=${value}`),
  ].join(' ');
}

function go(args) {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', chunk => {
      errors = (errors + chunk).slice(-8_000);
    });
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) return resolve();
      return reject(
        new ControlPlaneProblem(
          'BUILD_FAILED',
          `go build failed:\n${errors.trim()}`,
          `It needs Go 1.26 (an older one fetches it by itself), the Go module proxy, 3 GB of memory and 4 GB of disk${
            /no space left/i.test(errors)
              ? `; the disk is full (see also ${os.tmpdir()})`
              : ''
          }.`,
        ),
      );
    });
  });
}

function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What to do where no control plane can be had. */
export const noControlPlaneAdvice =
  'Install Go 1.26 (https://go.dev/dl) and run `npm run -s control-plane -- build`; or name a folder with ' +
  `${parts.join(
    ', ',
  )} in AGENTYARD_CONTROL_PLANE_BIN; or name the kubeconfig of a cluster that tests may write to in AGENTYARD_TEST_KUBECONFIG.`;
