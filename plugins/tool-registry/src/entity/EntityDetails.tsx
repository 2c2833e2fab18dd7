import { useEntity } from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_SERVER_ID,
  ANNOTATION_SOURCE_ID,
  ANNOTATION_TOOL_ID,
} from '@agentyard/plugin-tool-registry-common';
import { CatalogDetail } from '../components/CatalogPage';
import { ServerDetail } from '../components/ServerPage';
import { ToolDetail } from '../components/ToolPage';

function useAnnotation(name: string): string {
  return useEntity().entity.metadata.annotations?.[name] ?? '';
}

/**
 * The entity's tool, as the registry knows it.
 *
 * @public
 */
export function EntityToolContent() {
  return <ToolDetail id={useAnnotation(ANNOTATION_TOOL_ID)} />;
}

/**
 * The entity's MCP server, as the registry knows it.
 *
 * @public
 */
export function EntityServerContent() {
  return <ServerDetail id={useAnnotation(ANNOTATION_SERVER_ID)} />;
}

/**
 * The entity's tool catalog, as the registry knows it.
 *
 * @public
 */
export function EntityCatalogContent() {
  return <CatalogDetail id={useAnnotation(ANNOTATION_SOURCE_ID)} />;
}
