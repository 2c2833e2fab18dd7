import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { service } from '../service.ts';

/** One tool: offered over MCP and as `POST /tools/<name>`, and described in openapi/openapi.yaml. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: ToolAnnotations;
  /** Tags by which agents find the tool in a catalog. */
  capabilities: string[];
  /** Calls that the tests execute and the catalog shows. */
  examples: { description: string; input: z.input<Input>; output: z.output<Output> }[];
  run(input: z.output<Input>): z.input<Output> | Promise<z.input<Output>>;
}

/** Declares a tool under the service's prefix. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return { ...tool, name: `${service.toolPrefix}_${tool.name}` };
}

/** A refusal that the caller can act on. Any other error is our fault and is told without its details. */
export class ToolError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ToolError';
    this.code = code;
  }
}

/** Runs a tool on checked input; counts, times and logs it. */
export async function execute(
  tool: Tool,
  input: Record<string, unknown>,
  { logger, metrics, agentId }: { logger: Logger; metrics: Metrics; agentId?: string | undefined },
): Promise<Record<string, unknown>> {
  const event = { event: 'tool_execution', tool_name: tool.name, agent_id: agentId };
  const started = performance.now();
  const finish = (status: 'success' | 'error') => {
    const seconds = (performance.now() - started) / 1000;
    metrics.toolExecutions.inc({ tool_name: tool.name, status });
    metrics.toolDuration.observe({ tool_name: tool.name }, seconds);
    return Math.round(seconds * 1e6) / 1e3;
  };
  try {
    const output = tool.output.parse(await tool.run(input));
    logger.info({ ...event, success: true, duration_ms: finish('success') }, 'Tool executed');
    return output;
  } catch (error) {
    const duration_ms = finish('error');
    if (error instanceof ToolError) {
      logger.warn({ ...event, success: false, duration_ms, error: error.code }, error.message);
      throw error;
    }
    logger.error({ ...event, success: false, duration_ms, exception: error }, 'Tool failed');
    throw new ToolError('INTERNAL_ERROR', `${tool.name} failed; the service's log says why`);
  }
}
