import type { SafeWebFetch } from '@agentyard/safe-fetch';
import type { McpTool } from './tool';

/**
 * What to ask, and with what patience.
 *
 * @public
 */
export interface McpProbeOptions {
  /** The MCP endpoint, whole: its path is never dropped. */
  url: string;
  /** The client to ask with; its policy decides which addresses are allowed and how large an answer may be. */
  fetch: SafeWebFetch;
  /** Sent with each request to the endpoint, say `Authorization`; not with the health request. */
  headers?: Record<string, string>;
  /** Deadline of the whole probe in milliseconds. Default 15 000. */
  timeoutMs?: number;
  /**
   * Health endpoint. By default `<origin>/health` is tried, and its absence (404, 405, 501) held against nobody.
   */
  healthUrl?: string;
  signal?: AbortSignal;
}

/**
 * - `healthy`: speaks MCP, lists its tools, says that it is well if it says anything
 * - `degraded`: answers, but something is wrong; the reasons say what
 * - `unauthorized`: there, but wants credentials (401, 403)
 * - `incompatible`: there, but speaks no dialect that we know
 * - `unreachable`: no answer
 * - `refused`: not asked, the fetch policy forbids the address
 *
 * @public
 */
export type McpProbeStatus =
  | 'healthy'
  | 'degraded'
  | 'unauthorized'
  | 'incompatible'
  | 'unreachable'
  | 'refused';

/**
 * The codes of `@agentyard/safe-fetch` for trouble on the way, and of our own:
 *
 * - `UNAUTHORIZED`: 401 or 403
 * - `NOT_MCP`: no dialect was understood
 * - `TOOLS_LIST_FAILED`: the dialect is known, its `tools/list` failed
 * - `TOOLS_LIST_ENDLESS`: a cursor came twice, or there are too many pages
 * - `TOOLS_INVALID`: a listed tool is malformed or its name comes twice
 * - `TOO_LARGE`: too many tools, or too large ones
 * - `HEALTH_FAILED`: the health endpoint says no or does not answer
 *
 * @public
 */
export type McpProbeReasonCode = string;

/**
 * One thing that is wrong.
 *
 * @public
 */
export interface McpProbeReason {
  code: McpProbeReasonCode;
  /** What, where and what to do; safe to show. */
  message: string;
}

/**
 * How the endpoint wants to be spoken to.
 *
 * - `stateless`: MCP 2026-07-28 and later, `server/discover`, no session
 * - `session`: MCP 2024-11-05 to 2025-11-25, `initialize` handshake
 * - `eat`: JSON-RPC without any handshake, as the EAT protocol describes
 *
 * @public
 */
export interface McpDialect {
  era: 'stateless' | 'session' | 'eat';
  /** Negotiated MCP revision, such as `2025-11-25`; absent for `eat`. */
  protocolVersion?: string;
  /** Where it answered; differs from the URL asked only for `eat` servers that answer at `<origin>/mcp` alone. */
  url: string;
}

/**
 * What the health endpoint said.
 *
 * @public
 */
export interface McpHealth {
  url: string;
  ok: boolean;
  /** HTTP status; absent without an answer. */
  httpStatus?: number;
}

/**
 * The answer of a probe. What was not learned is absent; an empty `tools` means that the server listed none.
 *
 * @public
 */
export interface McpProbeResult {
  /** The URL asked. */
  url: string;
  status: McpProbeStatus;
  /** Empty if and only if the status is `healthy`. */
  reasons: McpProbeReason[];
  dialect?: McpDialect;
  /** Name and version as the server gives them. */
  serverInfo?: { name: string; version: string; [key: string]: unknown };
  /** Server capabilities of MCP. */
  capabilities?: { [key: string]: unknown };
  /** The server's own words on how to use it. */
  instructions?: string;
  /** All tools of all pages, in the server's order. */
  tools?: McpTool[];
  health?: McpHealth;
  /** Time to the first successful exchange (discovery or handshake) in milliseconds. */
  latencyMs?: number;
}
