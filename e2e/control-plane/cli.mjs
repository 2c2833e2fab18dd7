import { parseArgs } from 'node:util';
import { build, noControlPlaneAdvice, parts } from './binaries.mjs';
import * as cluster from './cluster.mjs';
import {
  findControlPlane,
  startControlPlane,
  stopControlPlane,
  which,
} from './index.mjs';
import { ControlPlaneProblem } from './problem.mjs';

const usage = `Usage: npm run -s control-plane -- COMMAND

  build                        builds etcd, Kubernetes, kwok and kubectl (minutes the first time; needs Go 1.26)
  up [--name X] [--nodes N]    brings a cluster up, building first if needed; prints the kubeconfig's path
  down [--name X | --all]      stops it and removes what it kept
  status [--name X]            shows how each cluster is; exit code 1 when one is not up
  which PART                   prints where a part lies: ${parts.join(', ')}

sim/failure annotations and all else: e2e/control-plane/README.md`;

const say = text => process.stderr.write(`control-plane: ${text}\n`);
const print = text => {
  process.stdout.write(`${text}\n`);
};

const commands = {
  async build() {
    print(await build({ say }));
  },

  async up({ name, nodes }) {
    const count = Number(nodes ?? 3);
    if (!Number.isInteger(count) || count < 1 || count > 500)
      throw wrongUse('--nodes takes a number from 1 to 500');
    const { kubeconfig } = await startControlPlane({ name, nodes: count, say });
    print(kubeconfig);
  },

  async down({ name, all }) {
    for (const each of all ? cluster.names() : [name ?? 'default']) {
      say(
        (await stopControlPlane({ name: each, say }))
          ? `cluster ${each} is down`
          : `cluster ${each} was not up`,
      );
    }
  },

  async status({ name }) {
    const all = await Promise.all(
      (name ? [name] : cluster.names()).map(cluster.statusOf),
    );
    for (const { name: each, state, server, kubeconfig, parts: list } of all) {
      print(
        [each, state, server ?? '-', state === 'up' ? kubeconfig : '-'].join(
          '\t',
        ),
      );
      for (const { part } of list.filter(({ running }) => !running))
        say(`${each}: ${part} does not run`);
    }
    if (all.length === 0) {
      const foreign = await findControlPlane();
      print(foreign ? `-\tgiven\t-\t${foreign.kubeconfig}` : 'no cluster');
      return foreign ? 0 : 1;
    }
    return all.every(({ state }) => state === 'up') ? 0 : 1;
  },

  async which(_, [part]) {
    if (!parts.includes(part))
      throw wrongUse(`which takes one of ${parts.join(', ')}`);
    const file = await which(part);
    if (!file) {
      throw new ControlPlaneProblem(
        'NO_CONTROL_PLANE',
        `there is no ${part} yet`,
        `Run \`npm run -s control-plane -- build\`. ${noControlPlaneAdvice}`,
      );
    }
    print(file);
  },
};

async function main() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        nodes: { type: 'string' },
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrongUse(error.message);
  }
  const [command, ...rest] = parsed.positionals;
  if (parsed.values.help || command === 'help') {
    print(usage);
    return 0;
  }
  if (!Object.hasOwn(commands, command ?? '')) {
    throw wrongUse(
      command ? `there is no command ${command}` : 'a command is missing',
    );
  }
  if (rest.length > (command === 'which' ? 1 : 0))
    throw wrongUse(`${command} does not take ${rest.at(-1)}`);
  if (parsed.values.all && parsed.values.name)
    throw wrongUse('--name and --all exclude each other');
  return commands[command](parsed.values, rest);
}

const wrongUse = message =>
  new ControlPlaneProblem('WRONG_USE', message, usage);

try {
  process.exitCode = (await main()) ?? 0;
} catch (error) {
  if (!(error instanceof ControlPlaneProblem)) throw error;
  say(`${error.message}${error.advice ? `\n${error.advice}` : ''}`);
  process.exitCode = 2;
}
