import type {
  LiveTool,
  ServerDrift,
} from '@agentyard/plugin-tool-registry-common';

/** Compares what is signed for a server with what it lists, by name. */
export function compareLive(
  signed: Set<string>,
  live: LiveTool[],
): ServerDrift {
  const listed = new Set(live.map(tool => tool.name));
  return {
    missing: [...signed].filter(name => !listed.has(name)).sort(),
    unsigned: [...listed].filter(name => !signed.has(name)).sort(),
  };
}
