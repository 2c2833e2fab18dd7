import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { world } from './world';

/** The part of a pod that tests look at. */
export interface Pod {
  metadata: { name: string };
  status?: {
    containerStatuses?: Array<{
      name: string;
      state?: { waiting?: { reason?: string } };
    }>;
  };
}

/** Watches pods with kubectl, and remembers when one first matched. */
export function watchPods(options: {
  namespace: string;
  matches: (pod: Pod) => boolean;
}): { first: Promise<number>; stop(): void } {
  const { kubeconfig, kubectl } = world();
  const child = spawn(
    kubectl,
    [
      ...['--kubeconfig', kubeconfig, '--namespace', options.namespace],
      ...['get', 'pods', '--watch', '--output-watch-events'],
      ...['-o', 'jsonpath={.object}{"\\n"}'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const first = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('{') && options.matches(JSON.parse(line))) {
        resolve(Date.now());
      }
    });
    child.on('exit', () => reject(new Error('no pod matched')));
  });
  first.catch(() => undefined);
  return { first, stop: () => child.kill() };
}
