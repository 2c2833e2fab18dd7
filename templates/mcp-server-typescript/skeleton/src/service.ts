import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

const { name, version, description, config } = z
  .object({
    name: z.string().min(1),
    version: z.string(),
    description: z.string(),
    config: z.object({
      port: z.coerce.number().int().min(1).max(65535),
      serverUrl: z.url({ protocol: /^https?$/ }),
    }),
  })
  .parse(manifest);

/** What this service is, told once: in package.json. */
export const service = {
  name,
  version,
  description,
  /** Port the service listens on unless PORT says otherwise. */
  port: config.port,
  /** Address of the MCP endpoint as clients outside reach it. */
  mcpUrl: `${config.serverUrl.replace(/\/+$/, '')}/mcp`,
  /** Tools carry the service's name, so that many services can stand in one tool catalog. */
  toolPrefix: name.replaceAll('-', '_'),
};
