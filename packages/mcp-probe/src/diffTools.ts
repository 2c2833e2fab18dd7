import { isDeepStrictEqual } from 'node:util';
import type { McpTool } from './tool';

/**
 * How a server's live tools differ from those that its catalog declares; names in alphabetical order.
 *
 * @public
 */
export interface ToolDrift {
  /** In the catalog, not on the server. */
  missing: string[];
  /** On the server, not in the catalog. */
  extra: string[];
  /** On both, with the members that differ. */
  changed: { name: string; members: string[] }[];
}

/** The members that define what a tool is; a catalog's own bookkeeping (`server_url`, `spec_hash`) is not among them. */
const definitionMembers = [
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
];

/**
 * Compares declared with live tools by name, and each pair by the members that the catalog declares: an entry need not
 * repeat everything that the server says. Order of keys is no difference.
 *
 * @example
 * ```ts
 * const { missing, extra, changed } = diffTools(catalog.tools, probe.tools);
 * ```
 *
 * @public
 */
export function diffTools(
  declared: Pick<McpTool, 'name'>[],
  live: McpTool[],
): ToolDrift {
  const declaredByName = new Map(
    declared.map(tool => [tool.name, tool as Record<string, unknown>]),
  );
  const liveByName = new Map(live.map(tool => [tool.name, tool]));
  const drift: ToolDrift = { missing: [], extra: [], changed: [] };

  for (const [name, tool] of declaredByName) {
    const counterpart = liveByName.get(name);
    if (!counterpart) {
      drift.missing.push(name);
      continue;
    }
    const members = definitionMembers.filter(
      member =>
        tool[member] !== undefined &&
        !isDeepStrictEqual(tool[member], counterpart[member]),
    );
    if (members.length > 0) {
      drift.changed.push({ name, members });
    }
  }
  drift.extra = [...liveByName.keys()].filter(
    name => !declaredByName.has(name),
  );

  drift.missing.sort();
  drift.extra.sort();
  drift.changed.sort((a, b) => (a.name < b.name ? -1 : 1));
  return drift;
}
