/** An OpenAPI document whose operations are tools of these names. */
export function openApi(
  tools: string[],
  serverUrl = 'https://mcp.example.org/mcp',
): string {
  const paths = tools.map(
    tool => `  /${tool}:
    post:
      operationId: ${tool}
      summary: The tool ${tool}
      x-mcp-tool:
        server_url: ${serverUrl}
      responses: { "200": { description: Its result } }
`,
  );
  return `openapi: 3.1.0
info: { title: Tools, version: 1.0.0 }
paths:${paths.length ? `\n${paths.join('')}` : ' {}\n'}`;
}
