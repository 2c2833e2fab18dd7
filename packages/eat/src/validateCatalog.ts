import { asObject } from './catalog';
import type { CatalogTool, ToolExample } from './catalog';
import type { Sha256 } from './canonicalJson';
import { normaliseLegacyTool } from './dialects';
import { quoted } from './errors';
import type { EatErrorCode, Problem } from './errors';
import type { Profile } from './policy';
import { problemOfUrl } from './publicUrl';
import { escapePointer } from './strictJson';
import type { JsonObject, JsonValue } from './strictJson';
import { stripUnsafeText } from './unsafeText';
import type { RejectedTool } from './verdict';

/**
 * By which rules {@link validateCatalog} judges.
 *
 * @public
 */
export interface ValidationOptions {
  /** Default `strict`: `spec_hash` is required, dialects are errors. `eat-compat`: dialects are read, with a warning each. */
  profile?: Profile;
  /** URLs of this machine are let pass, also with http. Default false. */
  allowLoopback?: boolean;
  /** Demanded `metadata.publisher`, where the catalog has one. */
  publisher?: string;
}

/**
 * All findings about a catalog.
 *
 * @public
 */
export interface CatalogValidation {
  /** No root error and no tool error. */
  valid: boolean;
  /** Errors that reject the catalog. */
  rootErrors: Problem[];
  /** Tools with errors; the others may be used. */
  rejectedTools: RejectedTool[];
  warnings: Problem[];
  /** The tools without errors; empty if there is a root error. Texts are without hidden characters, `entry` is untouched. */
  tools: CatalogTool[];
}

const NAME = /^[a-zA-Z0-9_-]+$/;
const SEMVER = /^\d+\.\d+\.\d+$/;
const HASH = /^sha256:[a-f0-9]{64}$/;
const BARE_HASH = /^[a-f0-9]{64}$/;
const RFC3339 =
  /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

class CatalogValidator {
  private readonly compat: boolean;
  private readonly allowLoopback: boolean;
  private readonly warnings: Problem[] = [];
  /** Findings about what is being judged just now: the root, or one tool. */
  private errors: Problem[] = [];
  /** Many tools share few servers and specs. */
  private readonly urls = new Map<string, EatErrorCode | undefined>();

  constructor(private readonly options: ValidationOptions) {
    this.compat = options.profile === 'eat-compat';
    this.allowLoopback = options.allowLoopback ?? false;
  }

  validate(catalog: JsonValue): CatalogValidation {
    const root = asObject(catalog);
    if (!root) {
      this.error('INVALID_TYPE', '', 'A catalog is an object.');
    } else {
      this.checkRoot(root);
    }
    const rootErrors = this.errors;
    const rejectedTools: RejectedTool[] = [];
    const tools: CatalogTool[] = [];
    const entries = Array.isArray(root?.tools) ? root.tools : [];
    const names = new Map<string, number>();
    entries.forEach((entry, index) => {
      this.errors = [];
      const tool = this.checkTool(entry, `/tools/${index}`);
      if (tool) {
        const other = names.get(tool.name);
        if (other === undefined) {
          names.set(tool.name, index);
        } else {
          this.error(
            'DUPLICATE_TOOL_NAME',
            `/tools/${index}/name`,
            `The name ${tool.name} is that of /tools/${other} as well. Rename one.`,
          );
        }
      }
      if (tool && this.errors.length === 0) {
        tools.push(tool);
      } else {
        const name = asObject(entry)?.name;
        rejectedTools.push({
          index,
          ...(typeof name === 'string' ? { name } : {}),
          problems: this.errors,
        });
      }
    });
    return {
      valid: rootErrors.length === 0 && rejectedTools.length === 0,
      rootErrors,
      rejectedTools,
      warnings: this.warnings,
      tools: rootErrors.length === 0 ? tools : [],
    };
  }

  private error(code: EatErrorCode, pointer: string, message: string): void {
    this.errors.push({ code, message, pointer });
  }

  private warn(code: EatErrorCode, pointer: string, message: string): void {
    this.warnings.push({ code, message, pointer });
  }

  /** An error in `strict`, a warning in `eat-compat`. */
  private deviation(
    code: EatErrorCode,
    pointer: string,
    message: string,
  ): void {
    if (this.compat) {
      this.warn(code, pointer, message);
    } else {
      this.error(code, pointer, message);
    }
  }

  private checkRoot(root: JsonObject): void {
    if (root.version === undefined) {
      this.missing('/version', 'a catalog');
    } else if (root.version !== '1.0') {
      this.error(
        'INVALID_VERSION',
        '/version',
        `The catalog's version is ${quoted(
          root.version,
        )}; only the text "1.0" is known.`,
      );
    }
    if (root.tools === undefined) {
      this.missing('/tools', 'a catalog');
    } else if (!Array.isArray(root.tools)) {
      this.error('INVALID_TYPE', '/tools', 'The tools are no list.');
    }
    if (root.metadata !== undefined) {
      this.checkMetadata(root.metadata);
    }
    for (const [name, value] of Object.entries(root)) {
      if (name !== 'tools') {
        this.checkNumbers(value, `/${escapePointer(name)}`);
      }
    }
  }

  private checkMetadata(value: JsonValue): void {
    const metadata = asObject(value);
    if (!metadata) {
      this.error('INVALID_TYPE', '/metadata', 'The metadata is no object.');
      return;
    }
    for (const name of ['title', 'description', 'generator', 'publisher']) {
      this.optionalText(metadata, name, '/metadata');
    }
    const generatedAt = this.optionalText(
      metadata,
      'generated_at',
      '/metadata',
    );
    if (
      generatedAt !== undefined &&
      !(RFC3339.test(generatedAt) && !Number.isNaN(Date.parse(generatedAt)))
    ) {
      this.deviation(
        'INVALID_FORMAT',
        '/metadata/generated_at',
        `${quoted(generatedAt)} is no RFC 3339 date and time.`,
      );
    }
    const alias = this.compat ? metadata.issuer : undefined;
    if (alias !== undefined) {
      this.warn(
        'DIALECT',
        '/metadata/issuer',
        '"issuer" is read as "publisher".',
      );
    }
    const publisher = metadata.publisher ?? alias;
    if (
      this.options.publisher !== undefined &&
      publisher !== undefined &&
      publisher !== this.options.publisher
    ) {
      this.deviation(
        'ISSUER_UNTRUSTED',
        '/metadata/publisher',
        `The catalog says it is by ${quoted(publisher)}, not by ${
          this.options.publisher
        }.`,
      );
    }
  }

  private checkTool(value: JsonValue, at: string): CatalogTool | undefined {
    const original = asObject(value);
    if (!original) {
      this.error('INVALID_TYPE', at, 'A tool is an object.');
      return undefined;
    }
    let entry = original;
    if (this.compat) {
      const legacy = normaliseLegacyTool(original);
      if (legacy) {
        entry = legacy;
        this.warn(
          'DIALECT',
          at,
          'This is a tool of the legacy form (id, capability). Write it by PROTOCOL.md 1.0.',
        );
      }
    }
    const name = this.requiredText(entry, 'name', at, 'a tool');
    if (name !== undefined && !NAME.test(name)) {
      this.error(
        'INVALID_FORMAT',
        `${at}/name`,
        `The name ${quoted(
          name,
        )} has other characters than A-Z, a-z, 0-9, _ and -.`,
      );
    }
    const description = this.requiredText(entry, 'description', at, 'a tool');
    const specUrl = this.requiredUrl(entry, 'spec_url', at, 'a tool');
    const version = this.optionalText(entry, 'version', at);
    if (version !== undefined && !SEMVER.test(version)) {
      this.error(
        'INVALID_VERSION_FORMAT',
        `${at}/version`,
        `The version ${quoted(version)} is not of the form 1.2.3.`,
      );
    }
    const specHash = this.checkSpecHash(entry, at);
    const extension = this.checkExtension(entry, at);
    this.checkNumbers(entry, at);
    if (
      name === undefined ||
      description === undefined ||
      specUrl === undefined ||
      extension === undefined
    ) {
      return undefined;
    }
    const shownDescription = stripUnsafeText(description);
    if (shownDescription !== description) {
      this.warn(
        'UNSAFE_TEXT',
        `${at}/description`,
        'The description has characters that a reader does not see; they are not shown.',
      );
    }
    const { serverUrl, method, path, capabilities, examples } = extension;
    const tool: CatalogTool = {
      name,
      description: shownDescription,
      specUrl,
      serverUrl,
      method,
      capabilities,
      examples,
      pointer: at,
      entry: original,
    };
    if (version !== undefined) {
      tool.version = version;
    }
    if (specHash !== undefined) {
      tool.specHash = specHash;
    }
    if (path !== undefined) {
      tool.path = path;
    }
    return tool;
  }

  private checkSpecHash(entry: JsonObject, at: string): Sha256 | undefined {
    const pointer = `${at}/spec_hash`;
    const hash = this.optionalText(entry, 'spec_hash', at);
    if (hash === undefined) {
      if (entry.spec_hash === undefined && !this.compat) {
        this.error(
          'SPEC_HASH_MISSING',
          pointer,
          'The tool does not say the hash of its spec (spec_hash).',
        );
      }
      return undefined;
    }
    if (HASH.test(hash)) {
      return hash as Sha256;
    }
    if (this.compat && BARE_HASH.test(hash)) {
      this.warn('DIALECT', pointer, 'The hash has no "sha256:" before it.');
      return `sha256:${hash}`;
    }
    this.error(
      'INVALID_HASH',
      pointer,
      `${quoted(hash)} is not "sha256:" and 64 lower-case hex digits.`,
    );
    return undefined;
  }

  private checkExtension(
    entry: JsonObject,
    toolAt: string,
  ):
    | Pick<
        CatalogTool,
        'serverUrl' | 'method' | 'path' | 'capabilities' | 'examples'
      >
    | undefined {
    const at = `${toolAt}/x-mcp-tool`;
    const value = entry['x-mcp-tool'];
    if (value === undefined) {
      this.missing(at, 'a tool');
      return undefined;
    }
    const extension = asObject(value);
    if (!extension) {
      this.error('INVALID_TYPE', at, 'x-mcp-tool is no object.');
      return undefined;
    }
    const serverUrl = this.requiredUrl(
      extension,
      'server_url',
      at,
      'x-mcp-tool',
    );
    const path = this.optionalText(extension, 'path', at);
    const method = this.checkMethod(extension, at);
    const capabilities = this.checkCapabilities(extension, at);
    const examples = this.checkExamples(extension, at);
    return serverUrl === undefined
      ? undefined
      : { serverUrl, method, path, capabilities, examples };
  }

  private checkMethod(extension: JsonObject, at: string): 'GET' | 'POST' {
    const method = this.optionalText(extension, 'method', at);
    if (method === undefined || method === 'GET' || method === 'POST') {
      return method ?? 'POST';
    }
    const verb = /^(?:PUT|DELETE|PATCH)$/.test(method);
    const message = `The method ${quoted(method)} is neither GET nor POST.`;
    if (this.compat && verb) {
      this.warn('DIALECT', `${at}/method`, `${message} POST is taken.`);
    } else {
      this.error('INVALID_FORMAT', `${at}/method`, message);
    }
    return 'POST';
  }

  private checkCapabilities(extension: JsonObject, at: string): string[] {
    const { capabilities } = extension;
    if (capabilities === undefined) {
      return [];
    }
    if (
      !Array.isArray(capabilities) ||
      !capabilities.every(tag => typeof tag === 'string')
    ) {
      this.error(
        'INVALID_TYPE',
        `${at}/capabilities`,
        'The capabilities are no list of texts.',
      );
      return [];
    }
    return capabilities as string[];
  }

  private checkExamples(extension: JsonObject, at: string): ToolExample[] {
    const { examples } = extension;
    if (examples === undefined) {
      return [];
    }
    if (!Array.isArray(examples)) {
      this.error('INVALID_TYPE', `${at}/examples`, 'The examples are no list.');
      return [];
    }
    return examples.flatMap((value, index) => {
      const pointer = `${at}/examples/${index}`;
      const example = asObject(value);
      if (!example) {
        this.error('INVALID_TYPE', pointer, 'An example is an object.');
        return [];
      }
      const description = this.optionalText(example, 'description', pointer);
      const result: ToolExample =
        description === undefined ? {} : { description };
      for (const side of ['input', 'output'] as const) {
        const data = asObject(example[side]);
        if (data) {
          result[side] = data;
        } else if (example[side] !== undefined) {
          // Published samples have texts here: of no use, but no danger.
          this.warn(
            'INVALID_TYPE',
            `${pointer}/${side}`,
            `The example's ${side} is no object; it is not shown.`,
          );
        }
      }
      return [result];
    });
  }

  private missing(pointer: string, of: string): void {
    this.error(
      'MISSING_REQUIRED_FIELD',
      pointer,
      `${of[0].toUpperCase()}${of.slice(1)} needs "${pointer.slice(
        pointer.lastIndexOf('/') + 1,
      )}".`,
    );
  }

  private requiredText(
    object: JsonObject,
    name: string,
    at: string,
    of: string,
  ): string | undefined {
    if (object[name] === undefined) {
      this.missing(`${at}/${name}`, of);
      return undefined;
    }
    return this.optionalText(object, name, at);
  }

  private optionalText(
    object: JsonObject,
    name: string,
    at: string,
  ): string | undefined {
    const value = object[name];
    if (value === undefined || typeof value === 'string') {
      return value;
    }
    this.error(
      'INVALID_TYPE',
      `${at}/${name}`,
      `"${name}" is ${quoted(value)}; it must be a text.`,
    );
    return undefined;
  }

  private requiredUrl(
    object: JsonObject,
    name: string,
    at: string,
    of: string,
  ): string | undefined {
    const url = this.requiredText(object, name, at, of);
    if (url === undefined) {
      return undefined;
    }
    let code = this.urls.get(url);
    if (code === undefined && !this.urls.has(url)) {
      code = problemOfUrl(url, this.allowLoopback);
      this.urls.set(url, code);
    }
    if (code === 'INVALID_URL') {
      this.error(
        code,
        `${at}/${name}`,
        `${quoted(url)} is no absolute https URL.`,
      );
    } else if (code) {
      this.error(
        code,
        `${at}/${name}`,
        `${quoted(
          url,
        )} is http, or on this machine: allowed only in development. Serve it over https.`,
      );
    }
    return url;
  }

  /** Integers that a double cannot hold mean different things to different readers. */
  private checkNumbers(value: JsonValue, at: string): void {
    if (typeof value === 'number') {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        this.error(
          'BAD_NUMBER',
          at,
          `The integer ${value} is beyond 2^53-1. Write it as a text.`,
        );
      }
    } else if (
      typeof value === 'object' &&
      value !== null &&
      holdsUnsafeInteger(value)
    ) {
      for (const [name, child] of Object.entries(value)) {
        this.checkNumbers(child, `${at}/${escapePointer(name)}`);
      }
    }
  }
}

/** A quick look, so that pointers are only built where there is something to point at. */
function holdsUnsafeInteger(value: JsonValue): boolean {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value);
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.some(holdsUnsafeInteger);
  }
  for (const name in value) {
    if (holdsUnsafeInteger(value[name])) {
      return true;
    }
  }
  return false;
}

/**
 * Judges a catalog by EAT's schema; reports all errors, each with code and JSON Pointer. A root error rejects the catalog, a tool
 * error only that tool. Codes: `MISSING_REQUIRED_FIELD`, `INVALID_VERSION`, `INVALID_TYPE`, `INVALID_FORMAT`, `INVALID_URL`,
 * `INSECURE_URL`, `INVALID_HASH`, `SPEC_HASH_MISSING`, `INVALID_VERSION_FORMAT`, `DUPLICATE_TOOL_NAME`, `BAD_NUMBER`,
 * `ISSUER_UNTRUSTED` (`metadata.publisher` is another); as warnings also `DIALECT`, `UNSAFE_TEXT`.
 *
 * @param catalog - parsed by {@link parseJson}
 *
 * @public
 */
export function validateCatalog(
  catalog: JsonValue,
  options: ValidationOptions = {},
): CatalogValidation {
  return new CatalogValidator(options).validate(catalog);
}
