import net from 'node:net';
import { SetupProblem } from './problem.mjs';

/** Refuses to start beside another program on the same port, which would otherwise fail much later and less clearly. */
export async function requireFreePorts(ports) {
  for (const { port, purpose } of ports) {
    if (await isTaken(port)) {
      throw new SetupProblem(
        'PORT_TAKEN',
        `port ${port}, which ${purpose} needs, is taken by another program`,
        `Stop that program (perhaps another portal is still running; \`lsof -i :${port}\` names it), then start again.`,
      );
    }
  }
}

async function isTaken(port) {
  // A listener on one family does not always refuse the other.
  const answers = await Promise.all(
    ['127.0.0.1', '::1'].map(host => canConnect(host, port)),
  );
  return answers.includes(true);
}

function canConnect(host, port) {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const done = answer => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
    socket.on('timeout', () => done(false));
  });
}
