import { version as packageVersion } from '../package.json';
import { sha256 } from './canonicalJson';
import { catalogBytes } from './catalog';
import type { CatalogEntry, ToolCatalog } from './catalog';
import { EatError, quoted } from './errors';
import type { EatErrorCode, Problem } from './errors';
import { operationsOf } from './openapi/operations';
import { readSpec } from './openapi/readSpec';
import { toolOf } from './openapi/tool';
import { problemOfUrl } from './publicUrl';

/**
 * An OpenAPI document.
 *
 * @public
 */
export interface SpecFile {
  /** Relative, `/` between parts; decides YAML or JSON by `.yaml`, `.yml`, `.json`. Others are not read. */
  path: string;
  /** The octets as they will be served: `spec_hash` covers them raw. */
  content: Uint8Array | string;
}

/**
 * Input of {@link generateCatalog}.
 *
 * @public
 */
export interface GenerateOptions {
  specs: readonly SpecFile[];
  /** Where the specs are served; `spec_url` is this and the path. https; on loopback (development) also http. */
  specBaseUrl: string;
  /** RFC 3339 UTC, or a date. Left out if not given: the output depends on the input alone. */
  generatedAt?: string | Date;
  title?: string;
  description?: string;
  /** Default `agentyard/` and this package's version. */
  generator?: string;
  /** DID of the publisher. */
  publisher?: string;
}

/**
 * Output of {@link generateCatalog}.
 *
 * @public
 */
export interface GeneratedCatalog {
  catalog: ToolCatalog;
  /** To be published ({@link catalogBytes}). */
  bytes: Uint8Array;
  warnings: Problem[];
}

/**
 * Generates a catalog from OpenAPI 3.0 and 3.1 documents: each operation with `x-mcp-tool` is a tool. Same input, same bytes,
 * whatever the order of the specs. Whole or not at all.
 *
 * Problems have the `path` of the spec and, as `pointer`, the place in it.
 *
 * @throws EatError with all findings in `problems`: `SPEC_UNSAFE` (alias bomb, remote `$ref`, too deep), `SPEC_INVALID`,
 * `MISSING_REQUIRED_FIELD` (`server_url`), `INVALID_TYPE`, `INVALID_FORMAT` (name), `INVALID_URL`, `DUPLICATE_TOOL_NAME`,
 * `NAME_COLLISION` (two parameters, or query and body), and those of {@link parseJson}
 *
 * @public
 */
export function generateCatalog(options: GenerateOptions): GeneratedCatalog {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const baseUrl = baseUrlOf(options.specBaseUrl);
  const tools: CatalogEntry[] = [];
  const origins = new Map<string, string>();

  for (const spec of specsOf(options.specs)) {
    const error = (code: EatErrorCode, message: string, pointer?: string) =>
      problems.push(problem(code, message, spec.path, pointer));
    const warn = (code: EatErrorCode, message: string, pointer?: string) =>
      warnings.push(problem(code, message, spec.path, pointer));
    try {
      const document = readSpec(spec);
      const source = {
        spec_url: specUrlOf(baseUrl, spec.path),
        spec_hash: sha256(spec.content),
      };
      for (const operation of operationsOf(document)) {
        const tool = toolOf(operation, document, source, { error, warn });
        if (!tool) {
          continue;
        }
        const other = origins.get(tool.name);
        if (other !== undefined) {
          error(
            'DUPLICATE_TOOL_NAME',
            `The name ${tool.name} is that of ${other} as well. Give one of them another operationId.`,
            operation.pointer,
          );
          continue;
        }
        origins.set(tool.name, `${spec.path} ${operation.pointer}`);
        tools.push(tool);
      }
    } catch (cause) {
      if (!(cause instanceof EatError)) {
        throw cause;
      }
      error(cause.code, cause.message, cause.pointer);
    }
  }
  if (problems.length > 0) {
    const [{ code, message, path }] = problems;
    const more =
      problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    throw new EatError(code, `${path}: ${message}${more}`, { problems });
  }
  tools.sort((a, b) => (a.name < b.name ? -1 : 1));
  const catalog: ToolCatalog = {
    version: '1.0',
    metadata: metadataOf(options),
    tools,
  };
  return { catalog, bytes: catalogBytes(catalog), warnings };
}

function problem(
  code: EatErrorCode,
  message: string,
  path: string,
  pointer: string | undefined,
): Problem {
  return {
    code,
    message,
    path,
    ...(pointer === undefined ? {} : { pointer }),
  };
}

function baseUrlOf(text: string): string {
  if (problemOfUrl(text, true)) {
    throw new EatError(
      'INVALID_URL',
      `The base URL of the specs ${quoted(
        text,
      )} is no absolute https URL. Give the URL below which the specs are served.`,
    );
  }
  return text.endsWith('/') ? text : `${text}/`;
}

function specUrlOf(baseUrl: string, path: string): string {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), baseUrl)
    .href;
}

/** The specs in the order of their paths. */
function specsOf(specs: readonly SpecFile[]): SpecFile[] {
  const wanted = specs.filter(({ path }) => /\.(?:ya?ml|json)$/i.test(path));
  for (const { path } of wanted) {
    if (path.split('/').some(part => /^\.{0,2}$/.test(part))) {
      throw new EatError(
        'SPEC_INVALID',
        `The spec's path ${quoted(path)} is not relative and plain.`,
      );
    }
  }
  return wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function metadataOf(options: GenerateOptions): ToolCatalog['metadata'] {
  const { title, description, publisher, generatedAt } = options;
  const generator = options.generator ?? `agentyard/${packageVersion}`;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(generatedAt === undefined
      ? {}
      : { generated_at: timestamp(generatedAt) }),
    generator,
    ...(publisher === undefined ? {} : { publisher }),
  };
}

function timestamp(time: string | Date): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    throw new EatError(
      'INVALID_FORMAT',
      `${quoted(time)} is no date and time (RFC 3339).`,
    );
  }
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
