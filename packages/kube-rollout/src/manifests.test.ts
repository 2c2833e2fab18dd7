import { ManifestError } from './errors';
import { parseManifests } from './manifests';

const issuesOf = (text: string, limits = {}) => {
  try {
    parseManifests(text, limits);
  } catch (error) {
    if (error instanceof ManifestError) return error.issues;
    throw error;
  }
  return [];
};
const map = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${more} }\n`;

describe('parseManifests', () => {
  it('reads documents, skips empty ones, and takes Lists apart', () => {
    const text = [
      '# only a comment',
      map('a'),
      '',
      `apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n- { apiVersion: v1, kind: ConfigMapList, items: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: c } }] }`,
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"}}',
    ].join('\n---\n');
    expect(
      parseManifests(text).map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      ),
    ).toEqual(['ConfigMap a', 'ConfigMap b', 'ConfigMap c', 'Deployment d']);
  });

  it('takes one name in two namespaces or two groups for two objects', () => {
    const text = [
      map('a'),
      map('a', ', namespace: other'),
      map('a').replace('v1', 'example.com/v1'),
    ].join('---\n');
    expect(parseManifests(text)).toHaveLength(3);
  });

  it.each([
    [
      'no kind',
      'apiVersion: v1\nmetadata: { name: a }',
      'MISSING_FIELD',
      'kind',
    ],
    [
      'no apiVersion',
      'kind: ConfigMap\nmetadata: { name: a }',
      'MISSING_FIELD',
      'apiVersion',
    ],
    [
      'no name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {}',
      'MISSING_FIELD',
      'metadata.name',
    ],
    [
      'no metadata',
      'apiVersion: v1\nkind: ConfigMap',
      'MISSING_FIELD',
      'metadata.name',
    ],
    [
      'a generated name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: a- }',
      'MISSING_FIELD',
      'metadata.name',
    ],
    [
      'a path as name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ../../x }',
      'BAD_FIELD',
      'metadata.name',
    ],
    [
      'a path as namespace',
      map('a', ', namespace: a/b'),
      'BAD_FIELD',
      'metadata.namespace',
    ],
    [
      'a path as kind',
      map('a').replace('ConfigMap', 'x/y'),
      'BAD_FIELD',
      'kind',
    ],
    [
      'a path as apiVersion',
      map('a').replace('v1', '../v1'),
      'BAD_FIELD',
      'apiVersion',
    ],
    [
      'a number as label',
      map('a', ', labels: { version: 2 }'),
      'BAD_FIELD',
      'metadata.labels.version',
    ],
    ['a text', 'just words', 'NOT_AN_OBJECT', undefined],
    ['a list', '- a\n- b', 'NOT_AN_OBJECT', undefined],
    ['broken YAML', 'a: [', 'SYNTAX', undefined],
    [
      'a key twice',
      'apiVersion: v1\napiVersion: v2\nkind: ConfigMap',
      'SYNTAX',
      undefined,
    ],
  ])('refuses %s', (_, text, code, field) => {
    const [issue] = issuesOf(text);
    expect(issue).toMatchObject({ code, document: 1 });
    expect(issue.field).toBe(field);
  });

  it('names document, object and field of every issue', () => {
    expect(
      issuesOf(
        [map('a'), map('b', ', labels: { x: 1 }'), map('a')].join('---\n'),
      ),
    ).toEqual([
      {
        code: 'BAD_FIELD',
        document: 2,
        object: 'ConfigMap b',
        field: 'metadata.labels.x',
        message: 'the number 1 is no string; quote it',
      },
      {
        code: 'DUPLICATE',
        document: 3,
        object: 'ConfigMap a',
        field: undefined,
        message: 'ConfigMap a is already in document 1',
      },
    ]);
  });

  it('names the place inside a List', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: {} }';
    expect(issuesOf(text)[0].field).toBe('items[0].metadata.name');
  });

  it('is bounded in bytes, objects and depth', () => {
    expect(issuesOf(map('a'), { maxBytes: 10 })[0].code).toBe('TOO_LARGE');
    expect(
      issuesOf([map('a'), map('b'), map('c')].join('---\n'), {
        maxObjects: 2,
      })[0].code,
    ).toBe('TOO_MANY');
    expect(
      issuesOf(`${map('a')}data: ${'{a: '.repeat(70)}1${'}'.repeat(70)}`)[0]
        .code,
    ).toBe('TOO_DEEP');
  });

  it('refuses an alias bomb', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map(
          (name, i) =>
            `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`)}]`,
        ),
    ].join('\n');
    expect(issuesOf(`${map('a')}${bomb}`)[0]).toMatchObject({
      code: 'SYNTAX',
      message: expect.stringContaining('alias'),
    });
  });

  it('says so when there is nothing', () => {
    expect(issuesOf('---\n# nothing\n')[0].code).toBe('EMPTY');
  });
});
