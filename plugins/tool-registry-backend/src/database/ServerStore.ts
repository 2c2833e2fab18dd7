import type { Knex } from 'knex';
import type {
  HealthState,
  LiveTool,
  ServerHealth,
  ServerProbe,
} from '@agentyard/plugin-tool-registry-common';

interface ServerRow {
  id: string;
  url: string;
  state: string;
  since: string | null;
  checked_at: string | null;
  healthy_at: string | null;
  latency_ms: number | null;
  reason_code: string | null;
  reason_message: string | null;
  description: string | null;
  live_tools: string | null;
  live_tools_at: string | null;
  due_at: string;
}

interface ProbeRow {
  id: number;
  server_id: string;
  at: string;
  state: string;
  latency_ms: number | null;
  code: string | null;
}

/** What a server says of itself. */
export interface ServerDescription {
  dialect?: string;
  protocolVersion?: string;
  serverInfo?: { name: string; title?: string; version?: string };
}

/** A server with its last known state. */
export interface StoredServer {
  id: string;
  url: string;
  health: ServerHealth;
  description: ServerDescription;
  /** Absent when it never listed its tools. */
  liveTools?: LiveTool[];
  liveToolsAt?: string;
  /** Next probe. */
  dueAt: string;
}

/** Outcome of a probe. */
export interface ProbeRecord {
  at: string;
  state: HealthState;
  latencyMs?: number;
  reason?: { code: string; message: string };
  /** Absent when the server said nothing; the last known stays. */
  description?: ServerDescription;
  /** Absent when they could not be listed; the last known stay. */
  liveTools?: LiveTool[];
  dueAt: string;
}

const PROBES_KEPT = 288;

/** Tables `servers` and `server_probes`. */
export class ServerStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async list(): Promise<StoredServer[]> {
    const rows = await this.#knex<ServerRow>('servers').orderBy('id');
    return rows.map(toServer);
  }

  async get(id: string): Promise<StoredServer | undefined> {
    const row = await this.#knex<ServerRow>('servers').where({ id }).first();
    return row && toServer(row);
  }

  /** Newest first. */
  async listProbes(id: string): Promise<ServerProbe[]> {
    const rows = await this.#knex<ProbeRow>('server_probes')
      .where({ server_id: id })
      .orderBy('id', 'desc')
      .limit(PROBES_KEPT);
    return rows.map(row => ({
      at: row.at,
      state: row.state as HealthState,
      ...(row.latency_ms !== null && { latencyMs: row.latency_ms }),
      ...(row.code && { code: row.code }),
    }));
  }

  /**
   * Makes the servers those that are given; the state of those that stay is kept.
   *
   * @returns ids of the servers that came or went
   */
  async reconcile(
    servers: Array<{ id: string; url: string }>,
    now: string,
  ): Promise<string[]> {
    return this.#knex.transaction(async tx => {
      const rows = await tx<ServerRow>('servers').select('id');
      const gone = new Set(rows.map(row => row.id));
      const came = servers.filter(server => !gone.delete(server.id));
      if (came.length > 0) {
        await tx<ServerRow>('servers')
          .insert(
            came.map(({ id, url }) => ({
              id,
              url,
              state: 'unknown',
              due_at: now,
            })),
          )
          .onConflict('id')
          .ignore();
      }
      for (const id of gone) {
        await tx<ServerRow>('servers').where({ id }).delete();
      }
      return [...came.map(server => server.id), ...gone];
    });
  }

  /** Takes the servers that are due, so that no other replica asks them at the same time. */
  async claimDue(options: {
    now: string;
    leaseUntil: string;
  }): Promise<StoredServer[]> {
    const rows = await this.#knex<ServerRow>('servers')
      .where('due_at', '<=', options.now)
      .orderBy('due_at');
    const claimed = [];
    for (const row of rows) {
      const taken = await this.#knex<ServerRow>('servers')
        .where({ id: row.id, due_at: row.due_at })
        .update({ due_at: options.leaseUntil });
      if (taken === 1) {
        claimed.push(toServer(row));
      }
    }
    return claimed;
  }

  /** Records a probe; does nothing when the server is gone. */
  async recordProbe(id: string, probe: ProbeRecord): Promise<void> {
    await this.#knex.transaction(async tx => {
      const row = await tx<ServerRow>('servers').where({ id }).first();
      if (!row) {
        return;
      }
      await tx<ServerRow>('servers')
        .where({ id })
        .update({
          state: probe.state,
          since: row.state === probe.state ? row.since : probe.at,
          checked_at: probe.at,
          latency_ms: probe.latencyMs ?? null,
          reason_code: probe.reason?.code ?? null,
          reason_message: probe.reason?.message ?? null,
          due_at: probe.dueAt,
          ...(probe.state === 'healthy' && { healthy_at: probe.at }),
          ...(probe.description && {
            description: JSON.stringify(probe.description),
          }),
          ...(probe.liveTools && {
            live_tools: JSON.stringify(probe.liveTools),
            live_tools_at: probe.at,
          }),
        });
      await tx<ProbeRow>('server_probes').insert({
        server_id: id,
        at: probe.at,
        state: probe.state,
        latency_ms: probe.latencyMs ?? null,
        code: probe.reason?.code ?? null,
      });
      const oldest = await tx<ProbeRow>('server_probes')
        .where({ server_id: id })
        .orderBy('id', 'desc')
        .offset(PROBES_KEPT)
        .first('id');
      if (oldest) {
        await tx<ProbeRow>('server_probes')
          .where({ server_id: id })
          .where('id', '<=', oldest.id)
          .delete();
      }
    });
  }
}

function toServer(row: ServerRow): StoredServer {
  return {
    id: row.id,
    url: row.url,
    dueAt: row.due_at,
    health: {
      state: row.state as HealthState,
      ...(row.since && { since: row.since }),
      ...(row.checked_at && { checkedAt: row.checked_at }),
      ...(row.healthy_at && { lastHealthyAt: row.healthy_at }),
      ...(row.latency_ms !== null && { latencyMs: row.latency_ms }),
      ...(row.reason_code && {
        reason: { code: row.reason_code, message: row.reason_message ?? '' },
      }),
    },
    description: row.description ? JSON.parse(row.description) : {},
    ...(row.live_tools && { liveTools: JSON.parse(row.live_tools) }),
    ...(row.live_tools_at && { liveToolsAt: row.live_tools_at }),
  };
}
