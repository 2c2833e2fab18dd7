import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { tools } from './tools/index.ts';

/** The service's metrics. Every label has a bounded set of values: tool names, routes, outcomes. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const toolExecutions = new Counter({
    name: 'eat_tool_executions_total',
    help: 'Tool executions by tool and outcome',
    labelNames: ['tool_name', 'status'],
    registers,
  });
  // From the start, so that rates see a tool's first call.
  for (const { name } of tools) {
    toolExecutions.inc({ tool_name: name, status: 'success' }, 0);
    toolExecutions.inc({ tool_name: name, status: 'error' }, 0);
  }
  return {
    registry,
    toolExecutions,
    toolDuration: new Histogram({
      name: 'eat_tool_execution_duration_seconds',
      help: 'Time that a tool takes',
      labelNames: ['tool_name'],
      registers,
    }),
    activeAgents: new Gauge({
      name: 'eat_active_agents',
      help: 'Open sessions of 2025-era clients; clients of the stateless protocol hold none',
      registers,
    }),
    httpDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to the end of its response',
      labelNames: ['route', 'code'],
      registers,
    }),
  };
}
