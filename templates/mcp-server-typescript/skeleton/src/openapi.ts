import { z } from 'zod';
import { service } from './service.ts';
import { tools } from './tools/index.ts';

/**
 * Describes the tools as OpenAPI 3.1. `x-mcp-tool` on an operation makes it a tool of the signed catalog; its name
 * there is the operationId, which is the tool's MCP name.
 */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: { title: service.name, version: service.version, description: service.description },
    servers: [{ url: new URL('.', service.mcpUrl).href.replace(/\/$/, '') }],
    paths: Object.fromEntries(
      tools.map(tool => [
        `/tools/${tool.name}`,
        {
          post: {
            operationId: tool.name,
            summary: tool.title,
            description: tool.description,
            'x-mcp-tool': {
              server_url: service.mcpUrl,
              capabilities: tool.capabilities,
              examples: tool.examples,
            },
            requestBody: { required: true, content: json(schemaOf(tool.input, 'input')) },
            responses: {
              200: { description: 'What the tool found', content: json(schemaOf(tool.output, 'output')) },
              400: refusal('The input does not fit the schema'),
              422: refusal('The tool refused'),
              500: refusal('The tool failed'),
            },
          },
        },
      ]),
    ),
    components: {
      schemas: {
        Refusal: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  };
}

function json(schema: object) {
  return { 'application/json': { schema } };
}

function schemaOf(schema: z.ZodObject, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function refusal(description: string) {
  return { description, content: json({ $ref: '#/components/schemas/Refusal' }) };
}
