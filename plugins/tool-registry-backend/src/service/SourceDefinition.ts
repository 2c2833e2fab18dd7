import { InputError } from '@backstage/errors';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  SourceMode,
  VerificationProfile,
} from '@agentyard/plugin-tool-registry-common';
import type { SourceDeclaration } from '@agentyard/plugin-tool-registry-node';

/** A declared source with its defaults filled in. */
export type SourceDefinition = EatCatalogSource | McpServerSource;

interface SourceDefinitionBase {
  id: string;
  provider: string;
  url: string;
  owner: string;
  entityRef?: string;
  intervalSeconds: number;
}

export interface EatCatalogSource extends SourceDefinitionBase {
  type: 'eat-catalog';
  publisher?: string;
  profile: VerificationProfile;
  mode: SourceMode;
}

export interface McpServerSource extends SourceDefinitionBase {
  type: 'mcp-server';
}

/** Name of the provider of the sources from the configuration. */
export const CONFIG_PROVIDER = 'config';

const DEFAULT_INTERVAL_SECONDS = { 'eat-catalog': 300, 'mcp-server': 60 };
const MIN_INTERVAL_SECONDS = 10;
const MAX_URL_LENGTH = 2048;

/**
 * Checks a declaration and fills in its defaults.
 *
 * @throws InputError naming the source and the field
 */
export function defineSource(
  provider: string,
  declaration: SourceDeclaration,
): SourceDefinition {
  const refuse = (problem: string): never => {
    throw new InputError(
      `Source '${declaration.id}' of provider '${provider}': ${problem}`,
    );
  };
  if (!/^[A-Za-z0-9._-]{1,190}$/.test(declaration.id)) {
    refuse(
      'the id must be 1 to 190 letters, digits, dots, hyphens or underscores',
    );
  }
  const interval =
    declaration.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS[declaration.type];
  if (!(interval >= MIN_INTERVAL_SECONDS)) {
    refuse(
      `it may be read every ${MIN_INTERVAL_SECONDS} seconds at most, not every ${interval}`,
    );
  }
  const base: SourceDefinitionBase = {
    id:
      provider === CONFIG_PROVIDER
        ? declaration.id
        : `${provider}.${declaration.id}`,
    provider,
    url: normaliseUrl(declaration.url, refuse),
    owner: normaliseOwner(declaration.owner, refuse),
    intervalSeconds: Math.round(interval),
    ...(declaration.entityRef && { entityRef: declaration.entityRef }),
  };
  switch (declaration.type) {
    case 'eat-catalog': {
      const { publisher, profile = 'strict', mode = 'enforce' } = declaration;
      if (
        publisher !== undefined &&
        !/^did:[a-z0-9]+:\S{1,500}$/.test(publisher)
      ) {
        refuse(
          `publisher must be a DID such as did:web:tools.example.org, not '${publisher}'`,
        );
      }
      if (profile !== 'strict' && profile !== 'eat-compat') {
        refuse(`profile must be strict or eat-compat, not '${profile}'`);
      }
      if (mode !== 'enforce' && mode !== 'audit') {
        refuse(`mode must be enforce or audit, not '${mode}'`);
      }
      return {
        ...base,
        type: 'eat-catalog',
        profile,
        mode,
        ...(publisher && { publisher }),
      };
    }
    case 'mcp-server':
      return { ...base, type: 'mcp-server' };
    default:
      return refuse(
        `type must be eat-catalog or mcp-server, not '${
          (declaration as { type: string }).type
        }'`,
      );
  }
}

/** Whether what was read for one definition is still good for the other. */
export function isSameSource(a: SourceDefinition, b: SourceDefinition) {
  if (a.type === 'eat-catalog' && b.type === 'eat-catalog') {
    return (
      a.url === b.url &&
      a.publisher === b.publisher &&
      a.profile === b.profile &&
      a.mode === b.mode
    );
  }
  return a.type === b.type && a.url === b.url;
}

function normaliseUrl(text: string, refuse: (problem: string) => never) {
  if (typeof text !== 'string' || text.length > MAX_URL_LENGTH) {
    return refuse(`url must be text of at most ${MAX_URL_LENGTH} characters`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse(`url must be an absolute http or https URL, not '${text}'`);
  }
  if (url.username || url.password) {
    return refuse('url must not hold credentials');
  }
  url.hash = '';
  return url.href;
}

function normaliseOwner(
  text: string | undefined,
  refuse: (problem: string) => never,
) {
  const owner = text ?? 'unknown';
  try {
    const ref = parseEntityRef(owner, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    });
    if (/^(group|user)$/i.test(ref.kind)) {
      return stringifyEntityRef(ref);
    }
  } catch {
    // said below
  }
  return refuse(
    `owner must refer to a group or user, such as group:default/platform, not '${owner}'`,
  );
}
