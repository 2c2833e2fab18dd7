import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import {
  build,
  findBinaries,
  hasGo,
  noControlPlaneAdvice,
} from './binaries.mjs';
import * as cluster from './cluster.mjs';
import { ControlPlaneProblem } from './problem.mjs';

export { ControlPlaneProblem } from './problem.mjs';
export { failures } from './stages.mjs';
export { countRequests } from './audit.mjs';

const silent = () => {};

export async function startControlPlane({
  name = 'default',
  nodes = 3,
  say = silent,
} = {}) {
  const foreign = foreignCluster();
  if (foreign) {
    if (name !== 'default') {
      throw new ControlPlaneProblem(
        'NO_CONTROL_PLANE',
        `there is no second cluster ${name} where ${foreign.variable} names the one to use`,
        `Unset ${foreign.variable}. ${noControlPlaneAdvice}`,
      );
    }
    say(
      `using the cluster that ${foreign.variable} names; it plays no sim/failure`,
    );
    return doorOf(foreign);
  }
  let binaries = findBinaries();
  if (!binaries) {
    if (!(await hasGo())) {
      const fallback = loopbackCluster();
      if (fallback && name === 'default') {
        say(
          'no Go here; using the loopback cluster that KUBECONFIG names; it plays no sim/failure',
        );
        return doorOf(fallback);
      }
    }
    binaries = await build({ say });
  }
  const state = await cluster.up({ name, nodes, binaries, say });
  return doorOf({
    ...state,
    kubectl: path.join(state.binaries, 'kubectl'),
    simulates: true,
  });
}

export async function stopControlPlane({
  name = 'default',
  say = silent,
} = {}) {
  return cluster.down({ name, say });
}

export async function findControlPlane({ name = 'default' } = {}) {
  const foreign = foreignCluster();
  if (foreign) return name === 'default' ? doorOf(foreign) : null;
  const state = await cluster.statusOf(name);
  if (state.state === 'up') {
    return doorOf({
      ...state,
      kubectl: path.join(state.binaries, 'kubectl'),
      simulates: true,
    });
  }
  return null;
}

/** Whether `startControlPlane` can succeed at once: without a build, which takes minutes. */
export function canStartControlPlane() {
  return foreignCluster() !== undefined || findBinaries() !== undefined;
}

export function requireControlPlane(found, suite) {
  if (found) return true;
  const message = `${suite}: skipped, for there is no control plane. ${noControlPlaneAdvice}`;
  if (process.env.AGENTYARD_REQUIRE_CONTROL_PLANE === '1') {
    throw new ControlPlaneProblem(
      'NO_CONTROL_PLANE',
      message,
      noControlPlaneAdvice,
    );
  }
  process.stderr.write(`${message}\n`);
  return false;
}

const doorOf = ({
  kubeconfig,
  kubectl,
  simulates = false,
  auditLog = null,
}) => ({
  kubeconfig,
  kubectl,
  simulates,
  auditLog,
});

/** The cluster that the user has set aside for tests. */
function foreignCluster() {
  const variable = 'AGENTYARD_TEST_KUBECONFIG';
  const kubeconfig = process.env[variable];
  if (!kubeconfig) return undefined;
  if (!fs.existsSync(kubeconfig)) {
    throw new ControlPlaneProblem(
      'WRONG_USE',
      `${variable} names ${kubeconfig}, which is not there`,
      'Correct or unset it.',
    );
  }
  return {
    variable,
    kubeconfig: path.resolve(kubeconfig),
    kubectl: kubectlOnPath(),
  };
}

/**
 * The cluster of KUBECONFIG, when every server in it is on this machine (kind, k3d, minikube): tests create and delete
 * things, and nobody should find that in production. Other clusters are named in AGENTYARD_TEST_KUBECONFIG on purpose.
 */
function loopbackCluster() {
  const kubeconfig = process.env.KUBECONFIG;
  if (!kubeconfig || !fs.existsSync(kubeconfig)) return undefined;
  const servers = [
    ...fs
      .readFileSync(kubeconfig, 'utf8')
      .matchAll(/["']?server["']?:\s*["']?(https?:\/\/[^\s"',}]+)/g),
  ];
  const hosts = servers.map(([, server]) => new URL(server).hostname);
  if (
    hosts.length === 0 ||
    !hosts.every(host => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(host))
  )
    return undefined;
  return { kubeconfig: path.resolve(kubeconfig), kubectl: kubectlOnPath() };
}

function kubectlOnPath() {
  try {
    return execFileSync('sh', ['-c', 'command -v kubectl'], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return null;
  }
}

/** Where a part lies; kubectl of the search path serves where only a cluster is given. */
export async function which(part) {
  const binaries = findBinaries();
  if (binaries) return path.join(binaries, part);
  return part === 'kubectl' ? kubectlOnPath() : null;
}
