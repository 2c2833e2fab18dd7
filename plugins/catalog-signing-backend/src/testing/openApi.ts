/** An OpenAPI document whose operations are tools of these names, at an MCP server on loopback. */
export function openApi(tools: string[]): string {
  const paths = tools.map(
    tool => `  /${tool}:
    post:
      operationId: ${tool}
      summary: The tool ${tool}
      x-mcp-tool:
        server_url: http://localhost:3001/mcp
      responses: { "200": { description: Its result } }
`,
  );
  return `openapi: 3.1.0
info: { title: Tools, version: 1.0.0 }
paths:${paths.length ? `\n${paths.join('')}` : ' {}\n'}`;
}
