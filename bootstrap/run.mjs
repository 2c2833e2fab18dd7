#!/usr/bin/env node
// Runs with Node 18 or newer and npm alone: brings what is missing, then hands over to the command.
import path from 'node:path';
import { commands } from './commands.mjs';
import { ensureInstalled } from './install.mjs';
import { ensureNode } from './node.mjs';
import { SetupProblem } from './problem.mjs';
import { ensureYarn } from './yarn.mjs';
import { withLock } from './lock.mjs';

async function main([name, ...args]) {
  const command = commands[name];
  if (!command) {
    process.stderr.write(
      `agentyard: unknown command "${name ?? ''}"; there are ${Object.keys(
        commands,
      ).join(', ')}\n`,
    );
    return 2;
  }
  const { node, yarn, env } = await withLock(async () => {
    const foundNode = await ensureNode();
    const foundYarn = await ensureYarn(foundNode);
    const childEnv = {
      ...process.env,
      PATH: [foundYarn.binaries, foundNode.binaries, process.env.PATH].join(
        path.delimiter,
      ),
    };
    if (foundNode.headers) childEnv.npm_config_nodedir = foundNode.headers;
    await ensureInstalled({ node: foundNode, yarn: foundYarn, env: childEnv });
    return { node: foundNode, yarn: foundYarn, env: childEnv };
  });
  return command({ node, yarn, env, args });
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    if (!(error instanceof SetupProblem)) throw error;
    if (error.detail) process.stderr.write(`\n${error.detail}\n`);
    process.stderr.write(
      `\nagentyard: ${error.code}: ${error.message}.\n${error.advice}\n`,
    );
    process.exit(2);
  },
);
