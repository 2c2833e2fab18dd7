import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parse } from 'yaml';

/** `src/schema/openapi.yaml`, parsed. */
export const openApiDocument = parse(
  readFileSync(
    resolvePackagePath(
      '@agentyard/plugin-tool-registry-backend',
      'src/schema/openapi.yaml',
    ),
    'utf8',
  ),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', ...openApiDocument });

/** What is wrong with an answer, by the document; empty when nothing is. */
export function problemsOfAnswer(
  route: string,
  method: 'get' | 'post',
  body: unknown,
): string[] {
  const path = route.replace(/\//g, '~1');
  const validate = ajv.getSchema(
    `openapi#/paths/${encodeURI(
      path,
    )}/${method}/responses/200/content/application~1json/schema`,
  );
  if (!validate) {
    throw new Error(`${method} ${route} is not in openapi.yaml`);
  }
  validate(body);
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
}
