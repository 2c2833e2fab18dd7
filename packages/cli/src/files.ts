import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SpecFile } from '@agentyard/eat';
import { UsageError } from './outcome';

// More than any catalog or release needs, and less than a machine cannot hold.
const maxFiles = 5_000;
const maxBytes = 20 * 1024 * 1024;

/** Reads a file whole; says what is wrong where it cannot. */
export async function readInput(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) {
      throw new UsageError(
        'TOO_LARGE',
        `${file} has ${size} bytes; at most ${maxBytes} are read.`,
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'FILE_UNREADABLE',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`,
    );
  }
}

/** Whether the path is a folder, a file, or nothing. */
export async function kindOf(
  place: string,
): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(place)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

/** The folder's YAML and JSON files with their paths relative to it, sorted; hidden ones are left out. */
export async function readDocuments(folder: string): Promise<SpecFile[]> {
  if ((await kindOf(folder)) !== 'folder') {
    throw new UsageError('NO_FOLDER', `${folder} is no folder.`);
  }
  const names = (await readdir(folder, { recursive: true }))
    .map(name => name.split(path.sep).join('/'))
    .filter(name => /\.(ya?ml|json)$/i.test(name))
    .filter(name => !name.split('/').some(part => part.startsWith('.')))
    .sort();
  if (names.length > maxFiles) {
    throw new UsageError(
      'TOO_LARGE',
      `${folder} has ${names.length} documents; at most ${maxFiles} are read.`,
    );
  }
  const files: SpecFile[] = [];
  for (const name of names) {
    files.push({
      path: name,
      content: await readInput(path.join(folder, name)),
    });
  }
  return files;
}
