import {
  startControlPlane,
  stopControlPlane,
} from '../../control-plane/index.mjs';
import { layOut, portal } from './world';

/** Brings up the cluster and the portal; what it answers takes them down. */
export default async function setUp() {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const { kubeconfig, kubectl } = await startControlPlane({
    name: 'walk',
    say,
  });
  if (!kubectl) throw new Error('the walk needs kubectl');
  await layOut({ kubeconfig, kubectl });
  await portal.start();
  return async () => {
    await portal.stop();
    await stopControlPlane({ name: 'walk', say });
  };
}
