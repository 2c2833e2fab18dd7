import type { ToolSummary } from '@agentyard/plugin-tool-registry-common';

/** How common agents are told of a tool's server. */
export function connectSnippets(
  tool: Pick<ToolSummary, 'name' | 'server'>,
): Array<{ label: string; text: string }> {
  const { name, url } = tool.server;
  return [
    {
      label: 'mcp.json',
      text: JSON.stringify(
        { mcpServers: { [name]: { type: 'http', url } } },
        null,
        2,
      ),
    },
    { label: 'agentyard', text: `agentyard mcp probe ${url}` },
  ];
}
