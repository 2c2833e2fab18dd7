import type { AuthService } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ENTITY_PROVIDER_LOCATION,
  isToolCatalog,
  MCP_SERVER_TYPE,
  TOOL_CATALOG_TYPE,
  type SourceMode,
  type VerificationProfile,
} from '@agentyard/plugin-tool-registry-common';
import type {
  SourceDeclaration,
  SourceProvider,
} from '@agentyard/plugin-tool-registry-node';

const ORIGIN = 'backstage.io/managed-by-origin-location';
const PAGE_SIZE = 500;
const MAX_ENTITIES = 20_000;

/**
 * Sources that stand in the catalog as hand-written entities: `Resource` of type `tool-catalog` with
 * `spec.url` and `spec.publisher`, `API` of type `mcp-server` with `spec.remotes`.
 *
 * How strictly their catalogs are judged is the operator's to say, not the entity's.
 */
export class CatalogSourceProvider implements SourceProvider {
  readonly name = 'catalog';
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #trust: { profile: VerificationProfile; mode: SourceMode };

  constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    trust: { profile: VerificationProfile; mode: SourceMode };
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#trust = options.trust;
  }

  async listSources(): Promise<SourceDeclaration[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const sources: SourceDeclaration[] = [];
    let cursor: string | undefined;
    let seen = 0;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE_SIZE }
          : {
              limit: PAGE_SIZE,
              filter: [
                { kind: 'Resource', 'spec.type': TOOL_CATALOG_TYPE },
                { kind: 'API', 'spec.type': MCP_SERVER_TYPE },
              ],
            },
        { credentials },
      );
      sources.push(...page.items.flatMap(entity => this.#toSources(entity)));
      seen += page.items.length;
      cursor = page.pageInfo.nextCursor;
      if (cursor && seen >= MAX_ENTITIES) {
        throw new Error(
          `The catalog holds more than ${MAX_ENTITIES} servers and tool catalogs`,
        );
      }
    } while (cursor);
    return sources;
  }

  #toSources(entity: Entity): SourceDeclaration[] {
    if (entity.metadata.annotations?.[ORIGIN] === ENTITY_PROVIDER_LOCATION) {
      return [];
    }
    const entityRef = stringifyEntityRef(entity);
    const id = entityRef.replace(/[:/]/g, '.');
    const owner = ownerOf(entity);
    if (isToolCatalog(entity)) {
      const { url, publisher } = entity.spec ?? {};
      return [
        {
          id,
          type: 'eat-catalog',
          url: String(url),
          entityRef,
          owner,
          ...this.#trust,
          ...(publisher !== undefined && { publisher: String(publisher) }),
        },
      ];
    }
    return httpRemotes(entity).map((url, index) => ({
      id: index === 0 ? id : `${id}.${index + 1}`,
      type: 'mcp-server',
      url,
      entityRef,
      owner,
    }));
  }
}

function httpRemotes(entity: Entity): string[] {
  const remotes = Array.isArray(entity.spec?.remotes)
    ? (entity.spec.remotes as JsonObject[])
    : [];
  return remotes
    .map(remote => remote?.url)
    .filter(
      (url): url is string =>
        typeof url === 'string' && /^https?:\/\//i.test(url),
    );
}

function ownerOf(entity: Entity): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(String(entity.spec?.owner), {
        defaultKind: 'group',
        defaultNamespace: entity.metadata.namespace,
      }),
    );
  } catch {
    return undefined;
  }
}
