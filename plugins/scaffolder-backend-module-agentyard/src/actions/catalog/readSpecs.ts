import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { SpecFile } from '@agentyard/plugin-catalog-signing-common';
import { ActionInputError } from '../../errors';

const MAX_SPECS = 100;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads the OpenAPI documents (`*.yaml`, `*.yml`, `*.json`) below a folder of the workspace, sorted by path. Links that lead
 * out of the workspace are not followed.
 *
 * @throws ActionInputError `SPECS_NOT_FOUND`, `SPECS_TOO_LARGE`, `SPEC_NOT_UTF8`
 */
export async function readSpecs(
  workspacePath: string,
  folder: string,
): Promise<SpecFile[]> {
  const root = resolveSafeChildPath(workspacePath, folder);
  const files: string[] = [];
  const directory = await fs.opendir(root, { recursive: true }).catch(() => {
    throw new ActionInputError(
      'SPECS_NOT_FOUND',
      `The workspace has no folder "${folder}". Let an earlier step write the OpenAPI documents there.`,
    );
  });
  for await (const entry of directory) {
    if (!entry.isFile() || !/\.(yaml|yml|json)$/.test(entry.name)) continue;
    files.push(path.join(entry.parentPath, entry.name));
    if (files.length > MAX_SPECS) {
      throw new ActionInputError(
        'SPECS_TOO_LARGE',
        `There are more than ${MAX_SPECS} documents in "${folder}". Name a smaller folder.`,
      );
    }
  }
  if (files.length === 0) {
    throw new ActionInputError(
      'SPECS_NOT_FOUND',
      `There is no .yaml, .yml or .json file in "${folder}".`,
    );
  }
  let total = 0;
  const specs: SpecFile[] = [];
  for (const file of files) {
    const name = path.relative(root, file).split(path.sep).join('/');
    total += (await fs.stat(file)).size;
    if (total > MAX_BYTES) {
      throw new ActionInputError(
        'SPECS_TOO_LARGE',
        `The documents in "${folder}" have more than ${
          MAX_BYTES / 1024 / 1024
        } MiB together.`,
      );
    }
    const bytes = await fs.readFile(file);
    try {
      // Hashes are over the bytes, so what is not UTF-8 must not be mended silently.
      const content = new TextDecoder('utf-8', {
        fatal: true,
        ignoreBOM: true,
      }).decode(bytes);
      specs.push({ path: name, content });
    } catch {
      throw new ActionInputError(
        'SPEC_NOT_UTF8',
        `The document "${name}" is not UTF-8. Save it as UTF-8.`,
      );
    }
  }
  return specs.sort((a, b) => (a.path < b.path ? -1 : 1));
}
