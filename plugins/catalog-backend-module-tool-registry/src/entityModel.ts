import {
  createCatalogModelLayer,
  type CatalogModelLayerBuilder,
} from '@backstage/catalog-model/alpha';
import {
  ANNOTATION_CATALOG_DIGEST,
  ANNOTATION_PUBLISHER,
  ANNOTATION_SERVER_ID,
  ANNOTATION_SERVER_URL,
  ANNOTATION_SOURCE_ID,
  ANNOTATION_TOOL_DIGEST,
  ANNOTATION_TOOL_ID,
  ANNOTATION_VERDICT,
  MCP_TOOL_TYPE,
  RELATION_LISTED_IN,
  RELATION_LISTS_TOOL,
  TOOL_CATALOG_TYPE,
} from '@agentyard/plugin-tool-registry-common';

const versions = ['v1alpha1', 'v1beta1'];

const ownedBy = {
  selector: { path: 'spec.owner' },
  relation: 'ownedBy',
  defaultKind: 'Group',
  defaultNamespace: 'inherit' as const,
  allowedKinds: ['Group', 'User'],
};

const partOfSystem = {
  selector: { path: 'spec.system' },
  relation: 'partOf',
  defaultKind: 'System',
  defaultNamespace: 'inherit' as const,
};

const text = (description: string) => ({
  type: 'string',
  minLength: 1,
  description,
});

/**
 * What Agentyard adds to the catalog's model: tools (`API` of type `mcp-tool`), signed tool catalogs
 * (`Resource` of type `tool-catalog`), their relations and annotations. MCP servers are upstream's.
 */
export const toolRegistryEntityModel = createCatalogModelLayer({
  layerId: 'agentyard.dev/tool-registry',
  builder: model => {
    addTool(model);
    addToolCatalog(model);
    addRelations(model);
    addAnnotations(model);
  },
});

function addTool(model: CatalogModelLayerBuilder) {
  model.addKindVersion({
    kind: 'API',
    versions: [
      {
        name: versions,
        specType: MCP_TOOL_TYPE,
        description: 'One tool of an MCP server, as a catalog lists it.',
        relationFields: [
          ownedBy,
          partOfSystem,
          {
            selector: { path: 'spec.server' },
            relation: 'partOf',
            defaultKind: 'API',
            defaultNamespace: 'inherit',
            allowedKinds: ['API'],
          },
          {
            selector: { path: 'spec.catalog' },
            relation: RELATION_LISTED_IN,
            defaultKind: 'Resource',
            defaultNamespace: 'inherit',
            allowedKinds: ['Resource'],
          },
        ],
        schema: {
          jsonSchema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: [
                  'type',
                  'lifecycle',
                  'owner',
                  'server',
                  'definition',
                ],
                properties: {
                  type: { const: MCP_TOOL_TYPE },
                  lifecycle: text('The lifecycle state of the tool.'),
                  owner: text('An entity reference to the owner of the tool.'),
                  system: text('An entity reference to its system.'),
                  server: text('An entity reference to its MCP server.'),
                  catalog: text('An entity reference to the catalog.'),
                  definition: text("The tool's member of the catalog, JSON."),
                },
              },
            },
          },
        },
      },
    ],
  });
}

function addToolCatalog(model: CatalogModelLayerBuilder) {
  model.addKindVersion({
    kind: 'Resource',
    versions: [
      {
        name: versions,
        specType: TOOL_CATALOG_TYPE,
        description:
          'A signed catalog of tools. The registry follows it when the entity is hand-written.',
        relationFields: [
          ownedBy,
          partOfSystem,
          {
            selector: { path: 'spec.dependsOn' },
            relation: 'dependsOn',
            defaultNamespace: 'inherit',
          },
          {
            selector: { path: 'spec.dependencyOf' },
            relation: 'dependencyOf',
            defaultNamespace: 'inherit',
          },
        ],
        schema: {
          jsonSchema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['type', 'owner', 'url'],
                properties: {
                  type: { const: TOOL_CATALOG_TYPE },
                  owner: text('An entity reference to the owner of its tools.'),
                  system: text('An entity reference to its system.'),
                  dependsOn: references('What it depends on.'),
                  dependencyOf: references('What depends on it.'),
                  url: {
                    type: 'string',
                    pattern: '^https?://[^\\s@]+$',
                    description: 'Where the catalog is, without credentials.',
                  },
                  publisher: {
                    type: 'string',
                    pattern: '^did:[a-z0-9]+:\\S+$',
                    description: 'DID of the publisher that signs it.',
                  },
                },
              },
            },
          },
        },
      },
    ],
  });
}

function references(description: string) {
  return {
    type: 'array',
    description,
    items: { type: 'string', minLength: 1 },
  };
}

function addRelations(model: CatalogModelLayerBuilder) {
  // The relation type is upstream's; what is new is that an API may be part of an API.
  model.updateRelationPair({
    fromKind: 'API',
    toKind: 'API',
    description: 'A tool is part of the MCP server that offers it.',
    forward: { type: 'partOf' },
    reverse: { type: 'hasPart' },
  });
  model.addRelationPair({
    fromKind: 'API',
    toKind: 'Resource',
    description: 'A tool is listed in a signed catalog.',
    forward: { type: RELATION_LISTED_IN, title: 'listed in' },
    reverse: { type: RELATION_LISTS_TOOL, title: 'lists tool' },
  });
}

function addAnnotations(model: CatalogModelLayerBuilder) {
  const annotations: Array<[string, string]> = [
    [ANNOTATION_SOURCE_ID, 'Source of the registry that it stands from'],
    [ANNOTATION_SERVER_ID, 'Id of the server in the registry'],
    [ANNOTATION_SERVER_URL, 'URL of the MCP endpoint'],
    [ANNOTATION_TOOL_ID, 'Id of the tool in the registry'],
    [ANNOTATION_TOOL_DIGEST, "Digest of the tool's definition"],
    [ANNOTATION_CATALOG_DIGEST, 'Digest of the accepted catalog'],
    [ANNOTATION_VERDICT, 'Verdict with which the catalog was accepted'],
    [ANNOTATION_PUBLISHER, "DID of the catalog's publisher"],
  ];
  for (const [name, description] of annotations) {
    model.addAnnotation({ name, description });
  }
}
