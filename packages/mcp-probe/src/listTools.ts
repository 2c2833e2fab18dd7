import type { McpProbeReason } from './probeResult';
import type { McpTool } from './tool';

/** Asks for one page of `tools/list` and gives its result as sent. */
export type ListPage = (cursor: string | undefined) => Promise<unknown>;

/** More than any server offers that a human or a model could use. */
const limits = { pages: 100, tools: 5_000, bytes: 16 * 1024 * 1024 };

/**
 * Walks all pages of `tools/list`. Stops with a reason at a cursor that came before and at the limits; leaves out tools
 * without a name or schema and says so.
 *
 * @throws what `listPage` throws on the first page; a later page's failure becomes a reason
 */
export async function listTools(
  listPage: ListPage,
): Promise<{ tools: McpTool[]; reasons: McpProbeReason[] }> {
  const tools = new Map<string, McpTool>();
  const reasons: McpProbeReason[] = [];
  const seenCursors = new Set<string>();
  let cursor: string | undefined;
  let bytes = 0;

  for (let page = 1; ; page++) {
    let result: unknown;
    try {
      result = await listPage(cursor);
    } catch (error) {
      if (page === 1) {
        throw error;
      }
      reasons.push({
        code: 'TOOLS_LIST_FAILED',
        message: `Page ${page} of tools/list failed, so the list is incomplete. See the server's log.`,
      });
      break;
    }

    const { items, nextCursor } = readPage(result);
    for (const [index, item] of items.entries()) {
      const where = `Tool ${index + 1} on page ${page} of tools/list`;
      if (!isTool(item)) {
        reasons.push({
          code: 'TOOLS_INVALID',
          message: `${where} lacks a name or an inputSchema of type object. Correct it in the server.`,
        });
      } else if (tools.has(item.name)) {
        reasons.push({
          code: 'TOOLS_INVALID',
          message: `${where} repeats the name ${item.name}. Names must be unique.`,
        });
      } else {
        bytes += JSON.stringify(item).length;
        tools.set(item.name, item);
      }
    }

    if (tools.size > limits.tools || bytes > limits.bytes) {
      reasons.push({
        code: 'TOO_LARGE',
        message: `tools/list gives more than ${limits.tools} tools or ${limits.bytes} bytes; the rest was not read. Split the server.`,
      });
      break;
    }
    if (nextCursor === undefined) {
      break;
    }
    if (seenCursors.has(nextCursor) || page === limits.pages) {
      reasons.push({
        code: 'TOOLS_LIST_ENDLESS',
        message: `tools/list does not end: ${
          page === limits.pages
            ? `there are more than ${limits.pages} pages`
            : `page ${page} names a cursor that was used before`
        }. Correct the server's paging.`,
      });
      break;
    }
    seenCursors.add(nextCursor);
    cursor = nextCursor;
  }
  return { tools: [...tools.values()], reasons: reasons.slice(0, 20) };
}

function readPage(result: unknown): { items: unknown[]; nextCursor?: string } {
  const { tools, nextCursor } = (result ?? {}) as Record<string, unknown>;
  if (!Array.isArray(tools)) {
    throw new Error('The result of tools/list has no array "tools".');
  }
  return {
    items: tools,
    nextCursor: typeof nextCursor === 'string' ? nextCursor : undefined,
  };
}

function isTool(item: unknown): item is McpTool {
  const { name, inputSchema } = (item ?? {}) as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    name.length > 0 &&
    name.length <= 128 &&
    typeof inputSchema === 'object' &&
    inputSchema !== null &&
    (inputSchema as { type?: unknown }).type === 'object'
  );
}
