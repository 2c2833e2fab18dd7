import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { MAX_MANIFEST_BYTES } from '@agentyard/plugin-rollouts-common';
import { ActionInputError } from '../../errors';

const MAX_FILES = 500;
const MANIFEST = /\.(yaml|yml|json)$/;

/**
 * Reads Kubernetes manifests from files and folders of the workspace into one text of several documents. Of a folder all
 * `*.yaml`, `*.yml` and `*.json` below it, sorted by path. Links that lead out of the workspace are not followed.
 *
 * @throws ActionInputError `MANIFESTS_NOT_FOUND`, `MANIFESTS_TOO_LARGE`
 */
export async function readManifests(
  workspacePath: string,
  locations: string[],
): Promise<string> {
  const files: string[] = [];
  for (const location of locations) {
    files.push(...(await filesAt(workspacePath, location)));
    if (files.length > MAX_FILES) {
      throw new ActionInputError(
        'MANIFESTS_TOO_LARGE',
        `There are more than ${MAX_FILES} files in ${locations.join(
          ', ',
        )}. Name fewer.`,
      );
    }
  }
  let bytes = 0;
  const documents: string[] = [];
  for (const file of new Set(files)) {
    bytes += (await fs.stat(file)).size;
    if (bytes > MAX_MANIFEST_BYTES) {
      throw new ActionInputError(
        'MANIFESTS_TOO_LARGE',
        `The manifests have more than ${
          MAX_MANIFEST_BYTES / 1024 / 1024
        } MiB together. Plan them in parts.`,
      );
    }
    documents.push((await fs.readFile(file, 'utf8')).trimEnd());
  }
  return `${documents.join('\n---\n')}\n`;
}

async function filesAt(
  workspacePath: string,
  location: string,
): Promise<string[]> {
  const root = resolveSafeChildPath(workspacePath, location);
  const stat = await fs.stat(root).catch(() => undefined);
  if (stat?.isFile()) return [root];
  const entries = stat
    ? await fs.readdir(root, { recursive: true, withFileTypes: true })
    : [];
  const files = entries
    .filter(entry => entry.isFile() && MANIFEST.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
  if (files.length) return files;
  throw new ActionInputError(
    'MANIFESTS_NOT_FOUND',
    `There is no .yaml, .yml or .json file at "${location}". Let an earlier step write the manifests there.`,
  );
}
