import { isJsonContentType } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { tools } from './tools/index.ts';
import { execute, ToolError } from './tools/tool.ts';

/** Answers `POST /tools/<name>`: a tool for callers that speak no MCP, as openapi/openapi.yaml describes it. */
export async function callTool(
  request: Request,
  options: { logger: Logger; metrics: Metrics },
): Promise<Response> {
  const tool = tools.find(({ name }) => new URL(request.url).pathname === `/tools/${name}`);
  if (!tool) return refusal(404, 'UNKNOWN_TOOL', `The tools are ${tools.map(({ name }) => name).join(', ')}`);
  if (request.method !== 'POST') {
    return refusal(405, 'METHOD_NOT_ALLOWED', 'Tools are called by POST', { Allow: 'POST' });
  }
  if (!isJsonContentType(request.headers.get('content-type'))) {
    return refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body has to be application/json');
  }
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    return refusal(400, 'INVALID_JSON', 'The body is no JSON');
  }
  const input = tool.input.safeParse(body);
  if (!input.success) return refusal(400, 'INVALID_INPUT', z.prettifyError(input.error));
  try {
    return Response.json(await execute(tool, input.data, options));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return refusal(error.code === 'INTERNAL_ERROR' ? 500 : 422, error.code, error.message);
  }
}

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}
