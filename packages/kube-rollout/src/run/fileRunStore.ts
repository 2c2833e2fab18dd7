import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RunError } from '../errors';
import { isFinal } from './run';
import { contentRunStore, emptyContent, StoreContent } from './memoryRunStore';
import { RunStore } from './runStore';

const FORMAT = 'agentyard-rollouts/1';
/** A file on one machine is no archive: older runs and releases are dropped, per target. */
const KEEP = 20;

/**
 * A store in one JSON file, for the command line: written whole, fsynced and renamed into place at each step, with
 * mode 0600 since releases carry secrets. For one process at a time. Keeps the last 20 runs and releases of a target.
 *
 * @throws RunError `STORE_UNREADABLE` when the file exists and is not a store
 *
 * @public
 */
export async function fileRunStore(path: string): Promise<RunStore> {
  const file = resolve(path);
  return contentRunStore(await load(file), content =>
    save(file, trim(content)),
  );
}

async function load(file: string): Promise<StoreContent> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      return emptyContent();
    throw new RunError(
      'STORE_UNREADABLE',
      `cannot read ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
  try {
    const { format, ...content } = JSON.parse(text);
    const isStore =
      format === FORMAT &&
      ['runs', 'journal', 'inventories', 'releases'].every(field =>
        Array.isArray(content[field]),
      );
    if (!isStore) throw new Error(`its format is not ${FORMAT}`);
    return content;
  } catch (cause) {
    throw new RunError(
      'STORE_UNREADABLE',
      `${file} is no store of rollouts: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function save(file: string, content: StoreContent): Promise<void> {
  const directory = dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify({ format: FORMAT, ...content }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  // The rename itself is durable only once its directory is.
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function trim(content: StoreContent): StoreContent {
  const seen = new Map<string, number>();
  const runs = [...content.runs]
    .reverse()
    .filter(({ run }) => {
      const key = JSON.stringify([
        run.target.cluster,
        run.target.namespace,
        run.target.name,
      ]);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return count <= KEEP || !isFinal(run.state);
    })
    .reverse();
  const kept = new Set(runs.map(({ run }) => run.id));
  const needed = new Set(
    runs.flatMap(({ run }) => run.previousReleaseId ?? []),
  );
  content.runs = runs;
  content.journal = content.journal.filter(({ runId }) => kept.has(runId));
  content.releases = content.releases.filter(
    ({ id, runId }) => kept.has(runId) || needed.has(id),
  );
  return content;
}
