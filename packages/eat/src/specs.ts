import { SafeFetchError } from '@agentyard/safe-fetch';
import type { SafeFetch } from '@agentyard/safe-fetch';
import { sha256 } from './canonicalJson';
import type { CatalogTool } from './catalog';
import type { Problem } from './errors';
import type { CatalogVerdict } from './verdict';

/** Cap of a spec in bytes. */
export const MAX_SPEC_BYTES = 10 * 1024 * 1024;

/** Requests at once; the client limits those to one host by itself. */
const CONCURRENCY = 8;

/**
 * Fetches each spec of the verdict's tools once and compares its raw bytes with the hashes. Tools whose spec differs move to the
 * rejected ones; a spec that cannot be read leaves its tools, with a warning.
 */
export async function checkSpecs(
  verdict: CatalogVerdict,
  { fetch, signal }: { fetch: SafeFetch; signal?: AbortSignal },
): Promise<void> {
  const urls = new Set(
    verdict.tools.filter(({ specHash }) => specHash).map(tool => tool.specUrl),
  );
  const outcomes = new Map<string, Outcome>();
  const queue = [...urls];
  const worker = async () => {
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      outcomes.set(url, await hashOf(url, fetch, signal));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));

  const kept: CatalogTool[] = [];
  for (const tool of verdict.tools) {
    const outcome = outcomes.get(tool.specUrl);
    if (
      outcome?.hash !== undefined &&
      tool.specHash &&
      outcome.hash !== tool.specHash
    ) {
      verdict.rejectedTools.push({
        index: Number(tool.pointer.slice('/tools/'.length)),
        name: tool.name,
        problems: [
          {
            code: 'SPEC_HASH_MISMATCH',
            message: `${tool.specUrl} has the hash ${outcome.hash}, but the catalog says ${tool.specHash}: the spec was changed after the catalog was signed.`,
            pointer: `${tool.pointer}/spec_hash`,
          },
        ],
      });
    } else {
      kept.push(tool);
    }
  }
  verdict.tools = kept;
  for (const { problem } of outcomes.values()) {
    if (problem) {
      verdict.warnings.push(problem);
    }
  }
}

interface Outcome {
  hash?: string;
  problem?: Problem;
}

async function hashOf(
  url: string,
  fetch: SafeFetch,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    const response = await fetch(url, { maxBytes: MAX_SPEC_BYTES, signal });
    return response.status === 200
      ? { hash: sha256(response.body) }
      : { problem: unreadable(url, `answers ${response.status}`) };
  } catch (error) {
    if (error instanceof SafeFetchError) {
      return { problem: unreadable(url, error.message) };
    }
    throw error;
  }
}

function unreadable(url: string, why: string): Problem {
  return {
    code: 'SPEC_UNREACHABLE',
    message: `The spec ${url} cannot be compared with its hash: ${why}`,
  };
}
