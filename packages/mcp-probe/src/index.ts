/**
 * Asks one MCP endpoint what it is: dialect, tools, health. Reads only; calls no tool.
 *
 * @packageDocumentation
 */
export { probeMcpEndpoint } from './probeMcpEndpoint';
export type {
  McpDialect,
  McpHealth,
  McpProbeOptions,
  McpProbeReason,
  McpProbeReasonCode,
  McpProbeResult,
  McpProbeStatus,
} from './probeResult';
export type { McpTool } from './tool';
export { diffTools } from './diffTools';
export type { ToolDrift } from './diffTools';
