import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { canonical } from '../canonical';
import { formatRef, groupOf, KubeObject, refOf } from '../object';
import { declared } from './compare';
import { FieldChange, ObjectDiff } from './plan';

const MASKED = '(masked)';
const MASKED_CHANGED = '(masked, changed)';

/** Bounds on what one object may add to a plan. */
const MAX_UNIFIED = 256 * 1024;
const MAX_CHANGES = 1000;
/** Above this the line diff costs more than it tells. */
const MAX_EDIT_LENGTH = 5000;

/**
 * The difference between two states of an object, as text and field by field. Either side may be missing.
 * Values of Secrets appear on neither.
 */
export function diffObjects(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): ObjectDiff {
  const [left, right] = mask(
    before && declared(before),
    after && declared(after),
  );
  const name = formatRef(refOf((after ?? before)!));
  const changes: FieldChange[] = [];
  if (left && right) compareFields(left, right, '', changes);
  return { unified: unified(name, left, right), changes };
}

function unified(name: string, left?: KubeObject, right?: KubeObject): string {
  const patch = createTwoFilesPatch(
    left ? name : '/dev/null',
    right ? name : '/dev/null',
    left ? stringify(left, { sortMapEntries: true, lineWidth: 0 }) : '',
    right ? stringify(right, { sortMapEntries: true, lineWidth: 0 }) : '',
    undefined,
    undefined,
    { context: 3, maxEditLength: MAX_EDIT_LENGTH },
  ) as string | undefined;
  if (patch === undefined || patch.length > MAX_UNIFIED) {
    return `--- ${name}\n+++ ${name}\n# too large to show\n`;
  }
  // The separator line of `diff` says nothing that the headers do not.
  return patch.replace(/^=+\n/, '');
}

function compareFields(
  before: unknown,
  after: unknown,
  path: string,
  changes: FieldChange[],
): void {
  if (changes.length >= MAX_CHANGES || canonical(before) === canonical(after))
    return;
  if (isMap(before) && isMap(after)) {
    for (const key of [
      ...new Set([...Object.keys(before), ...Object.keys(after)]),
    ].sort()) {
      compareEntry(before[key], after[key], join(path, key), changes);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++) {
      compareEntry(before[i], after[i], `${path}[${i}]`, changes);
    }
  } else {
    changes.push({ path, type: 'changed', before, after });
  }
}

function compareEntry(
  before: unknown,
  after: unknown,
  path: string,
  changes: FieldChange[],
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) changes.push({ path, type: 'added', after });
  else if (after === undefined) changes.push({ path, type: 'removed', before });
  else compareFields(before, after, path, changes);
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path ? `${path}.${key}` : key;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes the values out of a Secret, leaving whether they differ. */
function mask(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): [KubeObject | undefined, KubeObject | undefined] {
  if (!isSecret(before ?? after)) return [before, after];
  const masked = (
    object: KubeObject | undefined,
    other: KubeObject | undefined,
    changed: string,
  ): KubeObject | undefined => {
    if (!object) return undefined;
    const copy = { ...object };
    for (const field of ['data', 'stringData'] as const) {
      if (!isMap(object[field])) continue;
      copy[field] = Object.fromEntries(
        Object.entries(object[field]).map(([key, value]) => {
          const same =
            !other ||
            !(key in (other[field] ?? {})) ||
            other[field][key] === value;
          return [key, same ? MASKED : changed];
        }),
      );
    }
    return copy;
  };
  return [masked(before, after, MASKED), masked(after, before, MASKED_CHANGED)];
}

function isSecret(object: KubeObject | undefined): boolean {
  return object?.kind === 'Secret' && groupOf(object.apiVersion) === '';
}

/** Takes values out of what the server says about a Secret. */
export function maskMessage(kind: string, message: string): string {
  return kind === 'Secret'
    ? message.replace(
        /Invalid value: (?:"(?:[^"\\]|\\.)*"|[^:]*)/g,
        `Invalid value: ${MASKED}`,
      )
    : message;
}
