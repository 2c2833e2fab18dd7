import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
} from 'commander';
import { ALGS, type Profile } from '@agentyard/eat';
import { catalogGenerate } from './commands/catalogGenerate';
import { catalogSign } from './commands/catalogSign';
import { catalogValidate } from './commands/catalogValidate';
import { catalogVerify } from './commands/catalogVerify';
import { mcpProbe } from './commands/mcpProbe';
import {
  defaultJournal,
  rolloutApply,
  rolloutPlan,
  rolloutStatus,
  rolloutUndo,
} from './commands/rollout';
import { outcomeOf, type Outcome } from './outcome';

/** Where a command's words go. */
export interface Streams {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 good, 1 the answer is no, 2 wrong use or could not ask
 */
export async function runCommand(
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  let outcome: Outcome | undefined;
  const program = createProgram(streams, async work => {
    outcome = await work().catch(outcomeOf);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (!wantsJson(args)) return 2;
    outcome = {
      exitCode: 2,
      text: '',
      json: outcomeOf(
        Object.assign(new Error(error.message), { code: 'WRONG_USE' }),
      ).json,
    };
  }
  if (!outcome) return 2;
  if (wantsJson(args)) streams.stdout(`${JSON.stringify(outcome.json)}\n`);
  else if (outcome.exitCode === 2) streams.stderr(`${outcome.text}\n`);
  else streams.stdout(`${outcome.text}\n`);
  return outcome.exitCode;
}

function wantsJson(args: readonly string[]) {
  return args.some(
    (arg, index) =>
      arg === '--output=json' ||
      (arg === 'json' && ['--output', '-o'].includes(args[index - 1])),
  );
}

function createProgram(
  streams: Streams,
  answer: (work: () => Promise<Outcome>) => Promise<void>,
): Command {
  const program = new Command('agentyard')
    .description('Tools of your agents: catalogs, servers, rollouts')
    .exitOverride()
    .configureOutput({
      writeOut: streams.stdout,
      writeErr: streams.stderr,
    })
    .showHelpAfterError('(add --help for what there is)');

  const output = () =>
    new Option('--output <format>', 'how to answer')
      .choices(['text', 'json'])
      .default('text');
  const profile = () =>
    new Option('--profile <profile>', 'rules to judge by')
      .choices(['strict', 'eat-compat'])
      .default('strict');
  const loopback = () =>
    new Option(
      '--allow-loopback',
      'let addresses of this machine pass, http included (development)',
    );

  const catalog = program
    .command('catalog')
    .description('signed tool catalogs (EAT)');
  catalog
    .command('generate <specsDir>')
    .description('generate a catalog from OpenAPI documents with x-mcp-tool')
    .requiredOption(
      '--base-url <url>',
      'where it will be published; specs are below /specs there',
      aUrl,
    )
    .option('--publisher <did>', 'DID of the publisher')
    .option('--title <title>', 'title of the catalog')
    .requiredOption('--out <file>', 'file to write')
    .addOption(output())
    .action((folder, options) =>
      answer(() => catalogGenerate(folder, options)),
    );
  catalog
    .command('validate <file>')
    .description('say all that is wrong with a catalog')
    .addOption(profile())
    .addOption(loopback())
    .addOption(output())
    .action((file, options) => answer(() => catalogValidate(file, options)));
  catalog
    .command('sign <file>')
    .description('sign a catalog for a static host')
    .requiredOption(
      '--key <pem>',
      'private key; passphrase in AGENTYARD_KEY_PASSPHRASE',
    )
    .requiredOption('--issuer <did>', 'DID of the publisher')
    .requiredOption('--subject <url>', 'URL of the catalog', aUrl)
    .requiredOption('--out <dir>', 'folder to write .well-known into')
    .addOption(new Option('--alg <alg>', 'algorithm').choices([...ALGS]))
    .option('--ttl <seconds>', 'how long it holds', aNumber(1, 604_800), 86_400)
    .option('--seq <n>', 'number of the statement', aNumber(1, 2 ** 53 - 1))
    .addOption(loopback())
    .addOption(output())
    .action((file, options) => answer(() => catalogSign(file, options)));
  catalog
    .command('verify <place>')
    .description(
      'verify a catalog: a URL, a folder with .well-known, or a file',
    )
    .option('--did <file>', 'DID document of the publisher')
    .option('--publisher <did>', 'DID that is trusted')
    .addOption(profile())
    .addOption(loopback())
    .addOption(output())
    .action((place, options: { profile: Profile }) =>
      answer(() => catalogVerify(place, options)),
    );

  const mcp = program.command('mcp').description('MCP servers');
  mcp
    .command('probe <url>')
    .description('say what an MCP endpoint is, and which tools it lists')
    .addOption(loopback())
    .addOption(output())
    .action((url, options) => answer(() => mcpProbe(url, options)));

  const rollout = program
    .command('rollout')
    .description('roll out into Kubernetes clusters');
  const target = (command: Command) =>
    command
      .option('--context <name>', 'context of the kubeconfig')
      .option(
        '--namespace <name>',
        'namespace of objects that name none',
        'default',
      )
      .option('--journal <file>', 'what is remembered', defaultJournal)
      .addOption(output());
  const withFile = (command: Command) =>
    target(
      command
        .requiredOption('-f, --file <path>', 'manifests: a file or a folder')
        .requiredOption('--name <name>', 'name of the application')
        .option('--no-prune', 'keep what is no longer in the manifests'),
    );
  const onProgress = (line: string) => streams.stderr(`${line}\n`);
  withFile(rollout.command('plan'))
    .description('say what applying would change')
    .action(options => answer(() => rolloutPlan(options)));
  withFile(rollout.command('apply'))
    .description('apply, watch until it is good, go back when it is not')
    .option('--yes', 'apply without being asked')
    .action(options => answer(() => rolloutApply({ ...options, onProgress })));
  target(rollout.command('status <name>'))
    .description('say what stands')
    .action((name, options) =>
      answer(() => rolloutStatus({ ...options, name })),
    );
  target(rollout.command('undo <name>'))
    .description('bring the release before back')
    .option('--yes', 'apply without being asked')
    .action((name, options) =>
      answer(() => rolloutUndo({ ...options, name, onProgress })),
    );
  return program;
}

function aUrl(value: string) {
  if (!URL.canParse(value)) {
    throw new InvalidArgumentError('It is no absolute URL.');
  }
  return value;
}

function aNumber(least: number, most: number) {
  return (value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(
        `It is no whole number from ${least} to ${most}.`,
      );
    }
    return number;
  };
}
