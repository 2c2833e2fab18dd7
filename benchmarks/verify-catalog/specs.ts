import type { SpecFile } from '@agentyard/eat';

const TOOLS_PER_SPEC = 20;

const SUMMARIES = {
  English:
    'Reads one record of the inventory by its number and says where it is, who owns it and when it was counted last.',
  // Beyond Latin-1, so that the text takes two bytes a character in memory.
  mixed:
    'Liest einen Datensatz – 在庫の記録を一件読みます – et dit où il se trouve, à qui il est et quand il a été compté.',
};

/** OpenAPI documents as a platform has them: a few services, each with a spec of twenty operations. */
export function specsOf(
  tools: number,
  language: keyof typeof SUMMARIES,
): SpecFile[] {
  return Array.from({ length: tools / TOOLS_PER_SPEC }, (_, service) => ({
    path: `service-${service}.json`,
    content: JSON.stringify({
      openapi: '3.1.0',
      info: { title: `Service ${service}`, version: '1.4.0' },
      paths: Object.fromEntries(
        Array.from({ length: TOOLS_PER_SPEC }, (__, index) => [
          `/records-${index}/{recordId}`,
          { get: operation(service, index, SUMMARIES[language]) },
        ]),
      ),
    }),
  }));
}

function operation(service: number, index: number, summary: string): object {
  return {
    operationId: `service_${service}_read_${index}`,
    summary,
    parameters: [{ name: 'recordId', in: 'path', required: true }],
    'x-mcp-tool': {
      server_url: `https://mcp.example.org/service-${service}/mcp`,
      capabilities: ['inventory', 'read-only'],
      examples: [
        {
          description: 'A record that exists',
          input: { recordId: `R-${index}` },
          output: {
            recordId: `R-${index}`,
            state: 'counted',
            shelf: { hall: 7, row: index },
            amounts: [12, 7.5, 1000],
          },
        },
      ],
    },
    responses: { 200: { description: 'The record' } },
  };
}
