import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { JsonObject } from '@backstage/types';
import { parse } from 'yaml';

const templatesFolder = join(__dirname, '../../templates');

/** What a template makes of one set of parameters. */
export interface Rendered {
  /** Text of each file, by its path in the created repository. */
  files: Map<string, string>;
  /** Output of the template: links and texts. */
  output: JsonObject;
  /** What the steps said. */
  log: string[];
}

/** The refusal of a set of parameters, as the form's backend answers it. */
export class ParametersRefused extends Error {
  name = 'ParametersRefused';
}

/**
 * Runs templates in the real scaffolder, as dry runs: parameters are checked, every action that can runs, the others
 * are left out.
 *
 * @param config - configuration besides, such as the `kubernetes` section that names clusters
 */
export async function startScaffolder(config: JsonObject = {}) {
  const state = await mkdtemp(join(tmpdir(), 'agentyard-templates-'));
  const backend = await startTestBackend({
    features: [
      import('@backstage/plugin-scaffolder-backend'),
      import('@backstage/plugin-scaffolder-backend-module-github'),
      import('@backstage/plugin-scaffolder-backend-module-gitlab'),
      import('@backstage/plugin-scaffolder-backend-module-gitea'),
      catalogServiceMock.factory(),
      mockServices.rootConfig.factory({
        data: {
          ...config,
          agentyard: {
            localGit: { directory: join(state, 'git') },
            signing: {
              keyStore: {
                directory: join(state, 'keys'),
                secret: randomBytes(32).toString('base64'),
              },
              publishers: [
                {
                  id: 'portal',
                  did: 'did:web:localhost%3A7007',
                  baseUrl: 'http://localhost:7007',
                  title: 'Test',
                },
              ],
            },
            fetch: { allowLoopback: true },
          },
        },
      }),
      import('@agentyard/plugin-scaffolder-backend-module-agentyard'),
      import('@agentyard/plugin-catalog-signing-backend'),
      import('@agentyard/plugin-rollouts-backend'),
    ],
  });
  const baseUrl = `http://localhost:${backend.server.port()}/api/scaffolder`;

  return {
    /** @throws ParametersRefused */
    async render(template: string, parameters: JsonObject): Promise<Rendered> {
      const folder = join(templatesFolder, template);
      const response = await fetch(`${baseUrl}/v2/dry-run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          template: parse(
            await readFile(join(folder, 'template.yaml'), 'utf8'),
          ),
          values: parameters,
          secrets: {},
          directoryContents: await readFolder(folder),
        }),
      });
      const body = await response.json();
      if (response.status === 400 && body.errors) {
        throw new ParametersRefused(
          body.errors.map((error: { stack: string }) => error.stack).join('; '),
        );
      }
      if (!response.ok)
        throw new Error(`Dry run failed: ${JSON.stringify(body)}`);
      return {
        files: new Map(
          body.directoryContents.map(
            (file: { path: string; base64Content: string }) => [
              file.path,
              Buffer.from(file.base64Content, 'base64').toString('utf8'),
            ],
          ),
        ),
        output: body.output,
        log: body.log.map(
          ({ body: entry }: { body: { message: string } }) => entry.message,
        ),
      };
    },
    async stop() {
      await backend.stop();
      await rm(state, { recursive: true, force: true });
    },
  };
}

async function readFolder(folder: string) {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => {
        const path = join(entry.parentPath, entry.name);
        return {
          path: relative(folder, path),
          base64Content: (await readFile(path)).toString('base64'),
        };
      }),
  );
}
