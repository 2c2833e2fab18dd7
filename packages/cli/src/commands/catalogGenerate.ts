import { writeFile } from 'node:fs/promises';
import { generateCatalog } from '@agentyard/eat';
import { readDocuments } from '../files';
import { describeProblem, type Outcome } from '../outcome';

/** `agentyard catalog generate`: a catalog from OpenAPI documents. Nothing is written unless all of it is good. */
export async function catalogGenerate(
  folder: string,
  options: { baseUrl: string; publisher?: string; title?: string; out: string },
): Promise<Outcome> {
  const { baseUrl, publisher, title, out } = options;
  const { catalog, bytes, warnings } = generateCatalog({
    specs: await readDocuments(folder),
    specBaseUrl: new URL('specs/', withSlash(baseUrl)).href,
    publisher,
    title,
  });
  await writeFile(out, bytes);
  return {
    exitCode: 0,
    json: {
      status: 'generated',
      file: out,
      tools: catalog.tools.map(({ name }) => name),
      warnings,
    },
    text: [
      ...warnings.map(warning => `warning: ${describeProblem(warning)}`),
      `${out}: ${catalog.tools.length} tools`,
      ...catalog.tools.map(({ name }) => `  ${name}`),
    ].join('\n'),
  };
}

function withSlash(url: string) {
  return url.endsWith('/') ? url : `${url}/`;
}
