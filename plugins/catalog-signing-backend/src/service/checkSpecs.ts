import { canonicalHash } from '@agentyard/eat';
import {
  PublishProblem,
  SpecFile,
} from '@agentyard/plugin-catalog-signing-common';
import { PublicationRefusedError } from '../errors';

/** Bounds of one publication; the OpenAPI schema states those of its parts too. */
export const LIMITS = {
  specs: 100,
  specBytes: 2 * 1024 * 1024,
  publicationBytes: 8 * 1024 * 1024,
  publications: 500,
  pathLength: 200,
} as const;

const PATH =
  /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.(yaml|yml|json)$/;

/**
 * Judges a set of documents by names and sizes, whoever brings it.
 *
 * @throws PublicationRefusedError `INVALID_PATH`, `DUPLICATE_PATH`, `TOO_LARGE`, `BAD_ENCODING`, `NO_SPECS`
 */
export function checkSpecs(specs: SpecFile[]) {
  const problems: PublishProblem[] = [];
  if (specs.length === 0) {
    problems.push({
      code: 'NO_SPECS',
      message: 'There is no OpenAPI document. Give at least one.',
    });
  }
  if (specs.length > LIMITS.specs) {
    problems.push({
      code: 'TOO_LARGE',
      message: `There are ${specs.length} documents; at most ${LIMITS.specs} are allowed in one publication. Split it.`,
    });
  }
  const seen = new Set<string>();
  let total = 0;
  for (const { path, content } of specs.slice(0, LIMITS.specs)) {
    const pointer = JSON.stringify(path.slice(0, LIMITS.pathLength));
    if (path.length > LIMITS.pathLength || !PATH.test(path)) {
      problems.push({
        code: 'INVALID_PATH',
        message:
          'A path is relative, has forward slashes, only letters, digits, ".", "_" and "-" in names, no name that begins with ".", and ends in .yaml, .yml or .json.',
        pointer,
      });
      continue;
    }
    // Some disks do not tell cases apart, and neither should a published set that is copied to one.
    const key = path.toLowerCase();
    if (seen.has(key)) {
      problems.push({
        code: 'DUPLICATE_PATH',
        message: 'Two documents have this path. Rename one.',
        pointer,
      });
    }
    seen.add(key);
    const bytes = Buffer.byteLength(content);
    total += bytes;
    if (bytes > LIMITS.specBytes) {
      problems.push({
        code: 'TOO_LARGE',
        message: `The document has ${bytes} bytes; at most ${LIMITS.specBytes} are allowed.`,
        pointer,
      });
    }
    if (/\p{Surrogate}/u.test(content)) {
      problems.push({
        code: 'BAD_ENCODING',
        message: 'The document has half of a surrogate pair. Save it as UTF-8.',
        pointer,
      });
    }
  }
  if (total > LIMITS.publicationBytes) {
    problems.push({
      code: 'TOO_LARGE',
      message: `The documents have ${total} bytes together; at most ${LIMITS.publicationBytes} are allowed. Split the publication.`,
    });
  }
  if (problems.length > 0) throw new PublicationRefusedError(problems);
}

/** Hash over names and contents of a set of documents, whatever their order. */
export function specsHash(specs: SpecFile[]): string {
  return canonicalHash(
    Object.fromEntries(specs.map(({ path, content }) => [path, content])),
  );
}
