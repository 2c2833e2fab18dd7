import { asObject } from '../catalog';
import type { CatalogEntry, McpToolExtension } from '../catalog';
import type { EatErrorCode } from '../errors';
import { quoted } from '../errors';
import { problemOfUrl } from '../publicUrl';
import type { JsonObject } from '../strictJson';
import type { ToolOperation } from './operations';

/** Where findings go; the operation goes on to be looked at. */
export interface Findings {
  error(code: EatErrorCode, message: string, pointer: string): void;
  warn(code: EatErrorCode, message: string, pointer: string): void;
}

const NAME = /^[a-zA-Z0-9_-]+$/;

/** The tool that an operation makes; undefined if there were errors. */
export function toolOf(
  operation: ToolOperation,
  document: JsonObject,
  source: Pick<CatalogEntry, 'spec_url' | 'spec_hash'>,
  findings: Findings,
): CatalogEntry | undefined {
  let failed = false;
  const error = (code: EatErrorCode, message: string, at = '') => {
    failed = true;
    findings.error(
      code,
      `${label(operation)}: ${message}`,
      `${operation.pointer}${at}`,
    );
  };
  const name = nameOf(operation);
  if (!NAME.test(name)) {
    error(
      'INVALID_FORMAT',
      `the name ${quoted(
        name,
      )} has other characters than A-Z, a-z, 0-9, _ and -. Change its operationId.`,
      '/operationId',
    );
  }
  checkParameterNames(operation, error);
  const extension = extensionOf(operation, error);
  if (extension) {
    warnOfExampleKeys(operation, extension, findings);
  }
  const { description, summary } = operation.operation;
  const version = versionOf(operation, document, findings);
  if (failed || !extension) {
    return undefined;
  }
  return {
    name,
    description:
      [description, summary].find(
        (text): text is string => typeof text === 'string' && text !== '',
      ) ?? '',
    ...(version === undefined ? {} : { version }),
    ...source,
    'x-mcp-tool': extension,
  };
}

type Report = (code: EatErrorCode, message: string, at?: string) => void;

function label({ verb, path, operation }: ToolOperation): string {
  return typeof operation.operationId === 'string'
    ? `${verb} ${path} (${quoted(operation.operationId)})`
    : `${verb} ${path}`;
}

/** `operationId`, else verb and path on the letters that names may have: `GET /a/{id}` gives `get_a_id`. */
function nameOf({ verb, path, operation }: ToolOperation): string {
  return typeof operation.operationId === 'string'
    ? operation.operationId
    : `${verb.toLowerCase()}${path}`
        .replace(/[^a-zA-Z0-9-]+/g, '_')
        .replace(/_$/, '');
}

function checkParameterNames(
  { parameters, bodyMembers }: ToolOperation,
  error: Report,
): void {
  const places = new Map<string, string>();
  for (const { name, in: place } of parameters) {
    // A header and a cookie are no arguments of a tool call.
    if (place === 'path' || place === 'query') {
      const other = places.get(name);
      if (other !== undefined) {
        error(
          'NAME_COLLISION',
          `${quoted(name)} is a parameter in ${other} and in ${place}.`,
        );
      }
      places.set(name, place);
    }
  }
  for (const name of bodyMembers) {
    const place = places.get(name);
    if (place !== undefined) {
      error(
        'NAME_COLLISION',
        `${quoted(
          name,
        )} is a parameter in ${place} and a member of the body. Rename one.`,
      );
    }
  }
}

function versionOf(
  { pointer }: ToolOperation,
  document: JsonObject,
  findings: Findings,
): string | undefined {
  const version = asObject(document.info)?.version;
  if (typeof version === 'string' && /^\d+\.\d+\.\d+$/.test(version)) {
    return version;
  }
  findings.warn(
    'INVALID_VERSION_FORMAT',
    `The spec's info.version ${quoted(
      version ?? null,
    )} is not of the form 1.2.3; the tool gets no version.`,
    pointer,
  );
  return undefined;
}

function extensionOf(
  { extension: value, path }: ToolOperation,
  error: Report,
): McpToolExtension | undefined {
  const at = '/x-mcp-tool';
  const extension = asObject(value);
  if (!extension || Object.keys(extension).length === 0) {
    error(
      'INVALID_TYPE',
      'x-mcp-tool must be an object with "server_url".',
      at,
    );
    return undefined;
  }
  const {
    server_url: serverUrl,
    method = 'POST',
    path: ownPath = path,
    capabilities,
    examples,
    ...others
  } = extension;
  if (serverUrl === undefined) {
    error(
      'MISSING_REQUIRED_FIELD',
      'x-mcp-tool needs "server_url", the MCP endpoint. It is never guessed from "servers".',
      `${at}/server_url`,
    );
  } else if (typeof serverUrl !== 'string' || problemOfUrl(serverUrl, true)) {
    error(
      'INVALID_URL',
      `the server_url ${quoted(serverUrl)} is no absolute https URL.`,
      `${at}/server_url`,
    );
  }
  if (method !== 'GET' && method !== 'POST') {
    error(
      'INVALID_FORMAT',
      `the method ${quoted(method)} is neither GET nor POST.`,
      `${at}/method`,
    );
  }
  if (typeof ownPath !== 'string') {
    error('INVALID_TYPE', 'the path is no text.', `${at}/path`);
  }
  if (
    capabilities !== undefined &&
    !(
      Array.isArray(capabilities) &&
      capabilities.every(tag => typeof tag === 'string')
    )
  ) {
    error(
      'INVALID_TYPE',
      'the capabilities are no list of texts.',
      `${at}/capabilities`,
    );
  }
  checkExamples(examples, error, `${at}/examples`);
  return {
    server_url: serverUrl,
    method,
    path: ownPath,
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(examples === undefined ? {} : { examples }),
    ...others,
  } as McpToolExtension;
}

function checkExamples(examples: unknown, error: Report, at: string): void {
  if (examples === undefined) {
    return;
  }
  if (!Array.isArray(examples)) {
    error('INVALID_TYPE', 'the examples are no list.', at);
    return;
  }
  examples.forEach((value, index) => {
    const example = asObject(value);
    if (
      !example ||
      (example.description !== undefined &&
        typeof example.description !== 'string') ||
      [example.input, example.output].some(
        side => side !== undefined && !asObject(side),
      )
    ) {
      error(
        'INVALID_TYPE',
        'an example is {description: text, input: object, output: object}.',
        `${at}/${index}`,
      );
    }
  });
}

function warnOfExampleKeys(
  { parameters, bodyMembers, hasOpenBody, pointer }: ToolOperation,
  extension: McpToolExtension,
  findings: Findings,
): void {
  if (hasOpenBody || !Array.isArray(extension.examples)) {
    return;
  }
  const known = new Set([
    ...parameters.map(({ name }) => name),
    ...bodyMembers,
  ]);
  extension.examples.forEach((example, index) => {
    for (const name of Object.keys(asObject(example?.input) ?? {})) {
      if (!known.has(name)) {
        findings.warn(
          'SPEC_INVALID',
          `The example's input ${quoted(name)} is no parameter.`,
          `${pointer}/x-mcp-tool/examples/${index}/input`,
        );
      }
    }
  });
}
