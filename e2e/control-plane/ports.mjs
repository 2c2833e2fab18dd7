import net from 'node:net';
import { ControlPlaneProblem } from './problem.mjs';

/**
 * Free loopback ports below those that systems hand out by themselves, so that no outgoing connection takes one between
 * choice and use. AGENTYARD_CONTROL_PLANE_PORTS (`from-to`) names another range.
 * @param taken ports that other clusters have chosen
 */
export async function choosePorts(count, taken) {
  const [from, to] = (
    process.env.AGENTYARD_CONTROL_PLANE_PORTS ?? '21200-21399'
  )
    .split('-')
    .map(Number);
  if (!(from > 1023 && to <= 65535 && to >= from)) {
    throw new ControlPlaneProblem(
      'WRONG_USE',
      'AGENTYARD_CONTROL_PLANE_PORTS is not a range of ports',
      'Write it as 21200-21399.',
    );
  }
  const size = to - from + 1;
  const offset = Math.floor(Math.random() * size);
  const chosen = [];
  for (let i = 0; i < size && chosen.length < count; i++) {
    const port = from + ((offset + i) % size);
    if (!taken.has(port) && (await isFree(port))) chosen.push(port);
  }
  if (chosen.length < count) {
    throw new ControlPlaneProblem(
      'NO_PORT',
      `fewer than ${count} ports of ${from}-${to} are free`,
      'Stop clusters (`control-plane down --all`), or name another range in AGENTYARD_CONTROL_PLANE_PORTS.',
    );
  }
  return chosen;
}

function isFree(port) {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
