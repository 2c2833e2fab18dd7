import type { LoggerService } from '@backstage/backend-plugin-api';
import { canonicalHash } from '@agentyard/eat';
import type { McpProbeResult, McpTool } from '@agentyard/mcp-probe';
import type { JsonObject } from '@backstage/types';
import PQueue from 'p-queue';
import type {
  HealthState,
  LiveTool,
} from '@agentyard/plugin-tool-registry-common';
import type { CatalogStore } from '../database/CatalogStore';
import type {
  ProbeRecord,
  ServerDescription,
  ServerStore,
  StoredServer,
} from '../database/ServerStore';
import type { SourceStore } from '../database/SourceStore';
import type { ChangeAnnouncer } from './ChangeAnnouncer';
import { isoAfter, type Clock } from './Clock';
import { compareLive } from './drift';
import { toServerId } from './names';
import type { RegistryMetrics } from './RegistryMetrics';

const CONCURRENCY = 8;
const LEASE_SECONDS = 60;
const MAX_LIVE_TOOLS = 2000;
const MAX_NAMES_IN_MESSAGE = 5;
const MAX_TEXT = 200;

const STATES: Record<McpProbeResult['status'], HealthState> = {
  healthy: 'healthy',
  degraded: 'degraded',
  // It answers, but not as an MCP server should.
  incompatible: 'degraded',
  unauthorized: 'unauthorized',
  unreachable: 'unreachable',
  // Not asked at all: to us it is out of reach, and the reason says why.
  refused: 'unreachable',
};

/** Asks one server what it is; never throws for what the server does. */
export type ProbeServer = (
  url: string,
  options: { signal: AbortSignal },
) => Promise<McpProbeResult>;

/** Asks servers on schedule how they are, and keeps what they say. */
export class ServerProber {
  readonly #servers: ServerStore;
  readonly #catalogs: CatalogStore;
  readonly #sources: SourceStore;
  readonly #probe: ProbeServer;
  readonly #intervalSeconds: number;
  readonly #announcer: ChangeAnnouncer;
  readonly #metrics: RegistryMetrics;
  readonly #logger: LoggerService;
  readonly #clock: Clock;

  constructor(options: {
    servers: ServerStore;
    catalogs: CatalogStore;
    sources: SourceStore;
    probe: ProbeServer;
    /** Time between two probes of servers that only catalogs name. */
    intervalSeconds: number;
    announcer: ChangeAnnouncer;
    metrics: RegistryMetrics;
    logger: LoggerService;
    clock: Clock;
  }) {
    this.#servers = options.servers;
    this.#catalogs = options.catalogs;
    this.#sources = options.sources;
    this.#probe = options.probe;
    this.#intervalSeconds = options.intervalSeconds;
    this.#announcer = options.announcer;
    this.#metrics = options.metrics;
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /** Probes the servers that are due, a few at a time. */
  async probeDue(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    const due = await this.#servers.claimDue({
      now: now.toISOString(),
      leaseUntil: isoAfter(now, LEASE_SECONDS),
    });
    if (due.length === 0) {
      return;
    }
    const intervals = await this.#intervals();
    const signed = await this.#catalogs.listToolNames();
    const queue = new PQueue({ concurrency: CONCURRENCY });
    await queue.addAll(
      due.map(server => () => this.#ask(server, { signal, intervals, signed })),
    );
  }

  /** Probes one server now, due or not. */
  async probe(server: StoredServer, signal: AbortSignal): Promise<void> {
    await this.#ask(server, {
      signal,
      intervals: await this.#intervals(),
      signed: await this.#catalogs.listToolNames(),
    });
  }

  async #ask(
    server: StoredServer,
    options: {
      signal: AbortSignal;
      intervals: Map<string, number>;
      signed: Map<string, Set<string>>;
    },
  ) {
    const { signal, intervals, signed } = options;
    const started = performance.now();
    const result = await this.#probe(server.url, { signal });
    if (signal.aborted) {
      return;
    }
    const now = this.#clock.now();
    const record = toRecord(result, signed.get(server.id) ?? new Set(), {
      at: now.toISOString(),
      dueAt: isoAfter(now, intervals.get(server.id) ?? this.#intervalSeconds),
    });
    this.#metrics.serverProbed(
      record.state,
      (performance.now() - started) / 1000,
    );
    await this.#servers.recordProbe(server.id, record);
    if (record.state !== server.health.state) {
      this.#logger.info(
        `MCP server ${server.url} is ${record.state}${
          record.reason ? `: ${record.reason.message}` : ''
        }`,
        { serverId: server.id, state: record.state },
      );
    }
    await this.#announcer.announce({
      serverIds: [server.id],
      entities: describesAnew(server, record.description),
    });
  }

  /** Intervals of the servers that sources name. */
  async #intervals(): Promise<Map<string, number>> {
    const intervals = new Map<string, number>();
    for (const { definition } of await this.#sources.list()) {
      if (definition.type === 'mcp-server') {
        const id = toServerId(definition.url);
        intervals.set(
          id,
          Math.min(intervals.get(id) ?? Infinity, definition.intervalSeconds),
        );
      }
    }
    return intervals;
  }
}

function toRecord(
  result: McpProbeResult,
  signed: Set<string>,
  times: { at: string; dueAt: string },
): ProbeRecord {
  const liveTools = result.tools
    ?.filter(tool => typeof tool.name === 'string')
    .slice(0, MAX_LIVE_TOOLS)
    .map(toLiveTool);
  const missing = liveTools ? compareLive(signed, liveTools).missing : [];
  const state = STATES[result.status];
  const drifted = state === 'healthy' && missing.length > 0;
  const reason = drifted ? missingReason(missing) : result.reasons[0];
  return {
    ...times,
    state: drifted ? 'degraded' : state,
    ...(result.latencyMs !== undefined && {
      latencyMs: Math.round(result.latencyMs),
    }),
    ...(reason && { reason: { code: reason.code, message: reason.message } }),
    ...(result.dialect && { description: describe(result) }),
    ...(liveTools && { liveTools }),
  };
}

function missingReason(missing: string[]) {
  const names = missing.slice(0, MAX_NAMES_IN_MESSAGE).join(', ');
  const more = missing.length - MAX_NAMES_IN_MESSAGE;
  return {
    code: 'TOOLS_MISSING',
    message: `The server does not list ${names}${
      more > 0 ? ` and ${more} more` : ''
    }, which a catalog places on it. Deploy the tools, or publish the catalog without them.`,
  };
}

function describe(result: McpProbeResult): ServerDescription {
  const { dialect, serverInfo } = result;
  const name = text(serverInfo?.name);
  const title = text(serverInfo?.title);
  const version = text(serverInfo?.version);
  return {
    ...(dialect && { dialect: dialect.era }),
    ...(dialect?.protocolVersion && {
      protocolVersion: dialect.protocolVersion,
    }),
    ...(name && {
      serverInfo: {
        name,
        ...(title && { title }),
        ...(version && { version }),
      },
    }),
  };
}

/** Whether what entities show of a server is another now. */
function describesAnew(
  server: StoredServer,
  description: ServerDescription | undefined,
) {
  const titleOf = (info: ServerDescription['serverInfo']) =>
    info?.title ?? info?.name;
  return (
    description !== undefined &&
    titleOf(description.serverInfo) !== titleOf(server.description.serverInfo)
  );
}

function toLiveTool(tool: McpTool): LiveTool {
  const title = text(tool.title);
  return {
    name: tool.name,
    digest: canonicalHash(tool as never),
    ...(title && { title }),
    ...(typeof tool.description === 'string' && {
      description: tool.description,
    }),
    ...objectMember(tool, 'inputSchema'),
    ...objectMember(tool, 'outputSchema'),
    ...objectMember(tool, 'annotations'),
  };
}

function objectMember<
  Name extends 'inputSchema' | 'outputSchema' | 'annotations',
>(tool: McpTool, name: Name): { [key in Name]?: JsonObject } {
  const value = tool[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ({ [name]: value } as { [key in Name]: JsonObject })
    : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, MAX_TEXT)
    : undefined;
}
