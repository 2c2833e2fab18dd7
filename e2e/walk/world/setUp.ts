import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { layOut, portal } from './world';

const command = path.resolve(__dirname, '../../control-plane/cli.mjs');

/** Runs a command of the control plane; answers the last line that it printed. */
async function controlPlane(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    ...args,
  ]);
  return stdout.trim().split('\n').pop()!;
}

/** Brings up the cluster and the portal; what it answers takes them down. */
export default async function setUp() {
  await layOut({
    kubeconfig: await controlPlane('up', '--name', 'walk'),
    kubectl: await controlPlane('which', 'kubectl'),
  });
  await portal.start();
  return async () => {
    await portal.stop();
    await controlPlane('down', '--name', 'walk');
  };
}
