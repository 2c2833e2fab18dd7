import {
  canonicalize,
  EatError,
  generateCatalog,
  generateLinkset,
  validateCatalog,
  type Linkset,
  type Problem,
  type ToolCatalog,
} from '@agentyard/eat';
import {
  PublishProblem,
  SpecFile,
} from '@agentyard/plugin-catalog-signing-common';
import { PublisherConfig } from '../config';
import { StoredPublication } from '../database/PublicationStore';
import { PublicationConflictError, PublicationRefusedError } from '../errors';

// The cap that consumers set.
const MAX_CATALOG_BYTES = 5 * 1024 * 1024;

/** Where a publisher's documents are. */
export const addresses = (baseUrl: string) => ({
  catalog: `${baseUrl}/.well-known/api-catalog`,
  eat: `${baseUrl}/api-catalog/eat.json`,
  specs: `${baseUrl}/specs/`,
});

/** Is http on loopback all right? Only where the publisher itself is on loopback. */
export const onLoopback = (publisher: PublisherConfig) =>
  publisher.baseUrl.startsWith('http:');

function located(problem: Problem): PublishProblem {
  const { code, message, path, pointer } = problem;
  const where = [path, pointer].filter(Boolean).join('#');
  return { code, message, ...(where && { pointer: where }) };
}

function refusing<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof EatError) {
      throw new PublicationRefusedError(error.problems.map(located));
    }
    throw error;
  }
}

/**
 * The names of the tools that a set of documents declares.
 *
 * @throws PublicationRefusedError with what is wrong in the documents, and `NO_TOOLS`
 */
export function toolNames(
  publisher: PublisherConfig,
  name: string,
  specs: SpecFile[],
): string[] {
  const { catalog } = refusing(() =>
    generateCatalog({
      specs,
      specBaseUrl: `${addresses(publisher.baseUrl).specs}${name}/`,
    }),
  );
  if (catalog.tools.length === 0) {
    throw new PublicationRefusedError([
      {
        code: 'NO_TOOLS',
        message:
          'No operation has the extension x-mcp-tool, so there is no tool to publish. Add it to each operation that is one.',
      },
    ]);
  }
  return catalog.tools.map(tool => tool.name);
}

/**
 * Refuses a publication whose tools are there already, under another publication.
 *
 * @throws PublicationConflictError `NAME_COLLISION`, naming both
 */
export function refuseCollisions(
  publication: { name: string; tools: string[] },
  others: { name: string; tools: string[] }[],
) {
  const owner = new Map(
    others.flatMap(other => other.tools.map(tool => [tool, other.name])),
  );
  const problems = publication.tools
    .filter(tool => owner.has(tool))
    .map(tool => ({
      code: 'NAME_COLLISION',
      message: `The tool "${tool}" of the publication "${
        publication.name
      }" has the name of a tool of the publication "${owner.get(
        tool,
      )}". Rename one, by its operationId.`,
    }));
  if (problems.length > 0) throw new PublicationConflictError(problems);
}

/** A catalog that passed validation, with its linkset. */
export interface BuiltCatalog {
  catalog: ToolCatalog;
  linkset: Linkset;
}

/**
 * Generates the catalog over all publications and validates it as a strict consumer would. Depends on its input alone.
 *
 * @throws PublicationRefusedError with each error and its JSON pointer
 */
export function buildCatalog(
  publisher: PublisherConfig,
  publications: StoredPublication[],
): BuiltCatalog {
  const {
    specs: specBaseUrl,
    catalog: catalogUrl,
    eat: eatUrl,
  } = addresses(publisher.baseUrl);
  const newest = publications
    .map(publication => publication.updatedAt)
    .sort()
    .at(-1);
  const { catalog } = refusing(() =>
    generateCatalog({
      specs: publications.flatMap(publication =>
        publication.specs.map(({ path, content }) => ({
          path: `${publication.name}/${path}`,
          content,
        })),
      ),
      specBaseUrl,
      generatedAt: newest,
      title: publisher.title,
      publisher: publisher.did,
    }),
  );
  const text = canonicalize(JSON.parse(JSON.stringify(catalog)));
  if (Buffer.byteLength(text) > MAX_CATALOG_BYTES) {
    throw new PublicationRefusedError([
      {
        code: 'TOO_LARGE',
        message: `The catalog would have more than ${MAX_CATALOG_BYTES} bytes, and consumers refuse such. Publish fewer tools, or under another publisher.`,
      },
    ]);
  }
  const validation = validateCatalog(JSON.parse(text), {
    profile: 'strict',
    allowLoopback: onLoopback(publisher),
    publisher: publisher.did,
  });
  if (!validation.valid) {
    throw new PublicationRefusedError(
      [
        ...validation.rootErrors,
        ...validation.rejectedTools.flatMap(tool => tool.problems),
      ].map(located),
    );
  }
  const linkset = refusing(() =>
    generateLinkset(catalog, { catalogUrl, eatUrl }),
  );
  return { catalog, linkset };
}
