import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './process';

/** Outcome of one scenario of the official MCP conformance suite. */
export interface ScenarioResult {
  /** Number of checks by status: SUCCESS, FAILURE, WARNING, INFO. */
  counts: Record<string, number>;
  /** What the failed checks said. */
  failures: string[];
}

const suite = join(
  dirname(require.resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

/** Names of the suite's server scenarios, those that are pending included. */
export async function serverScenarios(): Promise<string[]> {
  const { stdout } = await run(process.execPath, [suite, 'list', '--server'], {
    cwd: __dirname,
  });
  return [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, scenario]) => scenario);
}

/** Runs all server scenarios against an MCP endpoint; answers by scenario. */
export async function runServerScenarios(
  url: string,
): Promise<Map<string, ScenarioResult>> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    await run(
      process.execPath,
      [suite, 'server', '--url', url, '--suite', 'all', '--output-dir', folder],
      { cwd: folder },
    );
    const results = new Map<string, ScenarioResult>();
    for (const name of await readdir(folder)) {
      const [, scenario] = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name) ?? [];
      const checks: { id: string; status: string; errorMessage?: string }[] =
        JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8'));
      const counts: Record<string, number> = {};
      for (const { status } of checks)
        counts[status] = (counts[status] ?? 0) + 1;
      const failures = checks
        .filter(({ status }) => status === 'FAILURE')
        .map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
      results.set(scenario, { counts, failures });
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
