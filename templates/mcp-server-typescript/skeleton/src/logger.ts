import { basename } from 'node:path';
import { getCallSites } from 'node:util';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';
import { service } from './service.ts';

export type { Logger };

const ownFolder = import.meta.url.slice(0, import.meta.url.lastIndexOf('/'));

/** Where the log call stands: the first frame in this folder that is not this file. */
function caller() {
  const site = getCallSites(12).find(
    ({ scriptName }) => scriptName.startsWith(ownFolder) && scriptName !== import.meta.url,
  );
  return (
    site && {
      module: basename(site.scriptName).replace(/\.ts$/, ''),
      function: site.functionName || '<module>',
      line: site.lineNumber,
    }
  );
}

/**
 * JSON lines on stdout: timestamp (UTC), level, logger, message, module, function, line, and what the call adds
 * (agent_id, tool_name, …); an error stands in `exception`.
 */
export function createLogger(
  { LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: LOG_LEVEL,
    base: { logger: service.name },
    messageKey: 'message',
    errorKey: 'exception',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    mixin: () => caller() ?? {},
  };
  return destination ? pino(options, destination) : pino(options);
}
