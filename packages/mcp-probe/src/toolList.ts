import type { McpProbeReason } from './probeResult';
import type { McpTool } from './tool';

const maxPages = 50;
const maxTools = 5_000;
const maxToolBytes = 256 * 1024;

/** Tools that were listed, and what was wrong with the list. */
export interface ToolList {
  tools: McpTool[];
  reasons: McpProbeReason[];
}

/**
 * Follows the cursors of `tools/list` to the end, within bounds. A malformed tool is left out and reported; a list
 * that does not end is cut and reported.
 */
export async function collectTools(
  listPage: (
    cursor: string | undefined,
  ) => Promise<{ tools: unknown; nextCursor?: unknown }>,
): Promise<ToolList> {
  const list: ToolList = { tools: [], reasons: [] };
  const names = new Set<string>();
  const cursors = new Set<string>();
  let cursor: string | undefined;

  for (let page = 1; ; page++) {
    const { tools, nextCursor } = await listPage(cursor);
    if (!Array.isArray(tools)) {
      list.reasons.push({
        code: 'TOOLS_INVALID',
        message: `Page ${page} of tools/list has no array "tools".`,
      });
      return list;
    }
    for (const tool of tools) {
      if (list.tools.length >= maxTools) {
        list.reasons.push({
          code: 'TOO_LARGE',
          message: `The server lists more than ${maxTools} tools; the rest was left out.`,
        });
        return list;
      }
      const problem = findProblem(tool, names);
      if (problem) {
        list.reasons.push(problem);
      } else {
        names.add(tool.name);
        list.tools.push(tool);
      }
    }
    if (typeof nextCursor !== 'string' || nextCursor === '') return list;
    if (cursors.has(nextCursor) || page >= maxPages) {
      list.reasons.push({
        code: 'TOOLS_LIST_ENDLESS',
        message: cursors.has(nextCursor)
          ? `tools/list gave the same cursor twice, after page ${page}.`
          : `tools/list has more than ${maxPages} pages; the rest was left out.`,
      });
      return list;
    }
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
}

function findProblem(
  tool: unknown,
  names: ReadonlySet<string>,
): McpProbeReason | undefined {
  const invalid = (message: string) => ({ code: 'TOOLS_INVALID', message });
  if (!isObject(tool)) return invalid('A listed tool is not an object.');
  const { name, inputSchema } = tool;
  if (typeof name !== 'string' || !/^[\w.-]{1,128}$/.test(name)) {
    return invalid(
      'A listed tool has no name of 1 to 128 letters, digits, dots, hyphens or underscores.',
    );
  }
  if (names.has(name)) return invalid(`The tool ${name} is listed twice.`);
  if (!isObject(inputSchema)) {
    return invalid(`The tool ${name} has no inputSchema.`);
  }
  if (Buffer.byteLength(JSON.stringify(tool)) > maxToolBytes) {
    return {
      code: 'TOO_LARGE',
      message: `The tool ${name} is described in more than ${maxToolBytes} bytes; it was left out.`,
    };
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
