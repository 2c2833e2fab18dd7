import { LineCounter, parseAllDocuments } from 'yaml';
import { ManifestError, ManifestIssue } from './errors';
import { formatRef, KubeObject, refKey, refOf } from './object';

/**
 * Bounds on manifests.
 *
 * @public
 */
export interface ManifestLimits {
  /** Bytes of YAML in all. Default 10 MiB. */
  maxBytes: number;
  /** Objects in all, after Lists are taken apart. Default 2 000. */
  maxObjects: number;
  /** Nesting inside one object. Default 64. */
  maxDepth: number;
}

const LIMITS: ManifestLimits = {
  maxBytes: 10 * 1024 * 1024,
  maxObjects: 2_000,
  maxDepth: 64,
};

/** Uses of aliases that one document may have, counted with what they repeat: the billion-laughs guard. */
const MAX_ALIASES = 100;
/** Enough to mend a file; nobody reads a thousand. */
const MAX_ISSUES = 50;

// RFC 1123 subdomain, and the wider form of RBAC names (system:foo) that the API server takes as path segments.
const NAME = /^[a-zA-Z0-9]([-a-zA-Z0-9._:]{0,251}[a-zA-Z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const API_VERSION = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[a-z0-9]+$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;

/**
 * Reads Kubernetes manifests: YAML or JSON, any number of documents, Lists taken apart, empty documents skipped.
 *
 * @throws ManifestError with every issue that was found: document, object, field
 *
 * @public
 */
export function parseManifests(
  text: string,
  limits: Partial<ManifestLimits> = {},
): KubeObject[] {
  const { maxBytes, maxObjects, maxDepth } = { ...LIMITS, ...limits };
  const size = Buffer.byteLength(text);
  if (size > maxBytes) {
    throw new ManifestError([
      {
        code: 'TOO_LARGE',
        message: `${size} bytes of manifests; at most ${maxBytes} are taken`,
      },
    ]);
  }
  const issues: ManifestIssue[] = [];
  const objects: KubeObject[] = [];
  const seen = new Map<string, number>();

  const take = (
    value: unknown,
    document: number,
    path: string,
    depth: number,
  ) => {
    if (issues.length >= MAX_ISSUES || objects.length > maxObjects) return;
    const issue = (
      code: ManifestIssue['code'],
      field: string | undefined,
      message: string,
    ) =>
      issues.push({
        code,
        document,
        object: nameOf(value),
        field: field && path + field,
        message,
      });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      issues.push({
        code: 'NOT_AN_OBJECT',
        document,
        field: path.replace(/\.$/, '') || undefined,
        message: `expected a Kubernetes object, found ${describe(value)}`,
      });
      return;
    }
    const object = value as KubeObject;
    const before = issues.length;
    check(object, issue);
    if (issues.length > before) return;
    if (object.kind.endsWith('List') && Array.isArray(object.items)) {
      if (depth > 4) {
        issue('TOO_DEEP', 'items', 'Lists inside Lists inside Lists');
        return;
      }
      object.items.forEach((item: unknown, index: number) =>
        take(item, document, `${path}items[${index}].`, depth + 1),
      );
      return;
    }
    checkNames(object, issue);
    if (tooDeep(object, maxDepth)) {
      issue('TOO_DEEP', undefined, `nested deeper than ${maxDepth} levels`);
    }
    if (issues.length > before) return;
    const key = refKey(refOf(object));
    const first = seen.get(key);
    if (first !== undefined) {
      issue(
        'DUPLICATE',
        undefined,
        `${formatRef(refOf(object))} is already in document ${first}`,
      );
      return;
    }
    seen.set(key, document);
    objects.push(object);
  };

  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: true,
  });
  const list = Array.isArray(documents) ? documents : [];
  for (const [index, document] of list.entries()) {
    if (issues.length >= MAX_ISSUES) break;
    const error = document.errors[0];
    if (error) {
      issues.push({
        code: 'SYNTAX',
        document: index + 1,
        message: error.message,
      });
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (cause) {
      issues.push({
        code: 'SYNTAX',
        document: index + 1,
        message: (cause as Error).message,
      });
      continue;
    }
    if (value !== null && value !== undefined) take(value, index + 1, '', 0);
    if (objects.length > maxObjects) {
      throw new ManifestError([
        {
          code: 'TOO_MANY',
          message: `more than ${maxObjects} objects; split them into several rollouts`,
        },
      ]);
    }
  }
  if (issues.length) throw new ManifestError(issues);
  if (!objects.length) {
    throw new ManifestError([
      {
        code: 'EMPTY',
        message: 'there is no Kubernetes object in the manifests',
      },
    ]);
  }
  return objects;
}

type Report = (
  code: ManifestIssue['code'],
  field: string | undefined,
  message: string,
) => void;

function check(object: KubeObject, issue: Report): void {
  for (const [field, pattern] of [
    ['apiVersion', API_VERSION],
    ['kind', KIND],
  ] as const) {
    const value = object[field];
    if (value === undefined || value === null || value === '') {
      issue('MISSING_FIELD', field, `${field} is missing`);
    } else if (
      typeof value !== 'string' ||
      value.length > 253 ||
      !pattern.test(value)
    ) {
      issue('BAD_FIELD', field, `${describe(value)} is no ${field}`);
    }
  }
}

function checkNames(object: KubeObject, issue: Report): void {
  const metadata = object.metadata as unknown;
  if (metadata === undefined || metadata === null) {
    issue('MISSING_FIELD', 'metadata.name', 'metadata.name is missing');
    return;
  }
  if (typeof metadata !== 'object' || Array.isArray(metadata)) {
    issue('BAD_FIELD', 'metadata', `${describe(metadata)} is no metadata`);
    return;
  }
  const { name, generateName, namespace } = metadata as Record<string, unknown>;
  if (name === undefined || name === null || name === '') {
    issue(
      'MISSING_FIELD',
      'metadata.name',
      generateName
        ? 'metadata.name is missing; generateName makes a new object each time and cannot be rolled out'
        : 'metadata.name is missing',
    );
  } else if (typeof name !== 'string' || !NAME.test(name)) {
    issue(
      'BAD_FIELD',
      'metadata.name',
      `${describe(name)} is no name of an object`,
    );
  }
  if (
    namespace !== undefined &&
    (typeof namespace !== 'string' || !NAMESPACE.test(namespace))
  ) {
    issue(
      'BAD_FIELD',
      'metadata.namespace',
      `${describe(namespace)} is no name of a namespace`,
    );
  }
  for (const field of ['labels', 'annotations'] as const) {
    const map = (metadata as Record<string, unknown>)[field];
    if (map === undefined || map === null) continue;
    if (typeof map !== 'object' || Array.isArray(map)) {
      issue('BAD_FIELD', `metadata.${field}`, `${describe(map)} is no map`);
      continue;
    }
    for (const [key, value] of Object.entries(map)) {
      if (typeof value !== 'string') {
        issue(
          'BAD_FIELD',
          `metadata.${field}.${key}`,
          `${describe(value)} is no string; quote it`,
        );
      }
    }
  }
}

function nameOf(value: unknown): string | undefined {
  const { kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  if (typeof kind !== 'string' || !KIND.test(kind)) return undefined;
  const name = typeof metadata?.name === 'string' ? metadata.name : undefined;
  if (!name || name.length > 253) return kind;
  const namespace =
    typeof metadata?.namespace === 'string' ? metadata.namespace : undefined;
  return formatRef({ apiVersion: '', kind, namespace, name });
}

/** Names what was found without repeating it at length: it may be a secret, or a megabyte. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string')
    return value.length > 80 ? 'a long text' : JSON.stringify(value);
  return `the ${typeof value} ${value}`;
}

function tooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  return Object.values(value).some(inner => tooDeep(inner, left - 1));
}
