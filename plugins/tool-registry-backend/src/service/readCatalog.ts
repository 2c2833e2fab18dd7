import {
  catalogHash,
  createDidResolver,
  didWebOf,
  fetchAndVerifyCatalog,
  parseJson,
  toolDefinitionDigest,
  validateCatalog,
  withoutSignatures,
  type CatalogTool,
  type CatalogVerdict,
  type HighWaterMark,
  type Problem,
  type VerificationStepName,
} from '@agentyard/eat';
import type { SafeFetch } from '@agentyard/safe-fetch';
import type { JsonObject } from '@backstage/types';
import type {
  Verdict,
  VerdictReason,
} from '@agentyard/plugin-tool-registry-common';
import type { AcceptedCatalog } from '../database/CatalogStore';
import {
  normaliseServerUrl,
  toEntityName,
  toHashedEntityName,
  toServerId,
} from './names';
import type { EatCatalogSource } from './SourceDefinition';

/** What an attempt to read a catalog gave. */
export interface CatalogReading {
  /** Without times, which the attempt's record gives it. */
  verdict: Verdict;
  /** The catalog, if it may enter: verified, or readable in audit mode. */
  accepted?: AcceptedCatalog;
  /** How far the publisher has come, if verified. */
  mark?: HighWaterMark;
}

/** Fetches and verifies the catalog of a source; throws for nothing that the catalog or the network is like. */
export type ReadCatalog = (
  source: EatCatalogSource,
  options: { mark?: HighWaterMark; signal: AbortSignal },
) => Promise<CatalogReading>;

const MAX_REASONS = 50;
const MAX_TOOL_NAME = 128;
const MAX_CAPABILITY = 200;

const STEP_TITLES: Record<VerificationStepName, string> = {
  policy: 'A publisher is trusted for this catalog',
  fetch: 'The catalog was retrieved from an allowed address',
  encoding: 'It is UTF-8',
  carrier: 'It carries a signature in an allowed form',
  segments: 'The signature is well formed',
  header: 'Its header names an allowed algorithm and a key',
  payload: 'The statement has all claims',
  issuer: 'The statement is the publisher’s, and about this catalog',
  key: 'The key is one of the publisher’s',
  signature: 'The signature holds',
  times: 'The statement is in force',
  order: 'It is not older than what was accepted before',
  hash: 'The catalog is the one that the statement is about',
  schema: 'The catalog is well formed',
  specs: 'The specs are those that the catalog names',
};

/** Whose statements count for a source: its publisher's, else those of the host's own `did:web`. */
export function expectedIssuer(source: EatCatalogSource): string {
  return source.publisher ?? didWebOf(source.url);
}

/** Reads catalogs by the rules of `@agentyard/eat`, over a client that keeps the address policy. */
export function createCatalogReading(options: {
  fetch: SafeFetch;
  /** Development only: catalogs and publishers on loopback. */
  allowLoopback?: boolean;
}): ReadCatalog {
  const { fetch, allowLoopback } = options;
  const resolver = createDidResolver({ fetch });

  return async (source, { mark, signal }) => {
    const result = await fetchAndVerifyCatalog({
      url: source.url,
      fetch,
      resolver,
      highWaterMark: mark,
      signal,
      policy: {
        profile: source.profile,
        publisher: source.publisher,
        allowLoopback,
      },
    });
    if (result.status === 'verified') {
      return {
        verdict: toVerdict(result),
        accepted: accept(source, result),
        mark: result.highWaterMark,
      };
    }
    if (source.mode === 'audit' && result.status === 'refused') {
      return {
        verdict: toVerdict(result),
        accepted: await readUnverified(source, result),
      };
    }
    return { verdict: toVerdict(result) };
  };

  /** In audit mode what is readable enters, whoever says so; undefined when it is not readable. */
  async function readUnverified(
    source: EatCatalogSource,
    result: CatalogVerdict,
  ): Promise<AcceptedCatalog | undefined> {
    try {
      const { status, body } = await fetch(source.url, {
        headers: { accept: 'application/json' },
      });
      if (status !== 200) {
        return undefined;
      }
      const catalog = parseJson(body);
      const { rootErrors, tools } = validateCatalog(catalog, {
        profile: source.profile,
        allowLoopback,
      });
      if (rootErrors.length > 0) {
        return undefined;
      }
      const content = withoutSignatures(catalog as JsonObject as never);
      return toAccepted(source, {
        digest: catalogHash(catalog as never),
        verdict: toVerdict(result).status,
        metadata: metadataOf(content as JsonObject),
        tools,
      });
    } catch {
      // The verdict says already what is wrong with it.
      return undefined;
    }
  }
}

function accept(
  source: EatCatalogSource,
  result: CatalogVerdict,
): AcceptedCatalog {
  const { statement, issuer, kid, alg, carrier, expiresAt } = result;
  return toAccepted(source, {
    digest: result.catalogHash!,
    seq: statement?.seq,
    verdict: 'verified',
    metadata: metadataOf(result.catalog as JsonObject | undefined),
    tools: result.tools,
    ...(kid &&
      alg && {
        signature: {
          issuer: issuer ?? expectedIssuer(source),
          kid,
          algorithm: alg,
          ...(carrier && { carrier }),
          ...(statement && { issuedAt: fromSeconds(statement.iat) }),
          ...(expiresAt && { expiresAt }),
        },
      }),
  });
}

function toAccepted(
  source: EatCatalogSource,
  catalog: Omit<AcceptedCatalog, 'tools'> & { tools: CatalogTool[] },
): AcceptedCatalog {
  return {
    ...catalog,
    tools: catalog.tools
      .filter(tool => tool.name.length <= MAX_TOOL_NAME)
      .map(tool => {
        const wished = `${namePrefix(source)}.${tool.name}`;
        return {
          name: tool.name,
          description: tool.description,
          digest: toolDefinitionDigest(tool.entry),
          definition: tool.entry as JsonObject,
          serverId: toServerId(tool.serverUrl),
          serverUrl: normaliseServerUrl(tool.serverUrl),
          capabilities: tool.capabilities.filter(
            tag => tag.length <= MAX_CAPABILITY,
          ),
          entityName: {
            wished: toEntityName(wished),
            otherwise: toHashedEntityName(wished, `${source.id}\n${tool.name}`),
          },
        };
      }),
  };
}

/** What the names of a source's tools begin with. */
function namePrefix(source: EatCatalogSource): string {
  return source.entityRef?.split('/').pop() ?? source.id;
}

function toVerdict(result: CatalogVerdict): Verdict {
  const onlyUnsigned =
    result.status === 'refused' &&
    result.reasons.length > 0 &&
    result.reasons.every(({ code }) => code === 'UNSIGNED');
  return {
    status: onlyUnsigned ? 'unverified' : result.status,
    reasons: [
      ...result.reasons,
      ...result.warnings,
      ...result.rejectedTools.flatMap(tool => tool.problems),
    ]
      .slice(0, MAX_REASONS)
      .map(toReason),
    steps: result.steps.map(({ name, status, message }) => ({
      id: name,
      title: STEP_TITLES[name],
      outcome: status,
      ...(message && { detail: message }),
    })),
  };
}

function toReason({ code, message, pointer }: Problem): VerdictReason {
  return {
    code,
    message:
      pointer && !message.includes(pointer)
        ? `${message} (at ${pointer})`
        : message,
  };
}

function metadataOf(catalog: JsonObject | undefined): JsonObject {
  const metadata = catalog?.metadata;
  return typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata)
    ? metadata
    : {};
}

function fromSeconds(seconds: number) {
  return new Date(seconds * 1000).toISOString();
}
