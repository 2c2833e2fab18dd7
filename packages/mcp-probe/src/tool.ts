/**
 * A tool as its server lists it, with every member that it sent (`title`, `outputSchema`, `annotations`, `_meta`, …).
 *
 * @public
 */
export interface McpTool {
  /** Unique within its server. */
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  inputSchema: { [key: string]: unknown };
  [key: string]: unknown;
}
