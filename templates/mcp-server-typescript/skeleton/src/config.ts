import { localhostAllowedHostnames, localhostAllowedOrigins } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { service } from './service.ts';

const hostnames = z.string().transform(text =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(Boolean),
);
const count = z.coerce.number().int().positive();

const environment = z.object({
  /** Interface to listen on. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(service.port),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Host names, without port, by which clients may address this service. */
  ALLOWED_HOSTS: hostnames.default(localhostAllowedHostnames()),
  /** Host names of the web pages that may call this service. Clients that are no browsers send no Origin and pass. */
  ALLOWED_ORIGINS: hostnames.default(localhostAllowedOrigins()),
  /** Largest request body in bytes. */
  MAX_BODY_BYTES: count.default(1024 * 1024),
  /** Sessions (2025-era clients) held at the same time. */
  MAX_SESSIONS: count.default(1000),
  /** Seconds after which an unused session is closed. */
  SESSION_IDLE_SECONDS: count.default(900),
  /** Seconds that requests in flight get to finish after SIGTERM. */
  SHUTDOWN_GRACE_SECONDS: count.default(10),
});

/** Settings of one process. Every key is an environment variable of that name. */
export type Config = z.infer<typeof environment>;

/**
 * Reads the settings.
 *
 * @throws Error that names every bad variable, its value's fault and nothing else.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const result = environment.safeParse(env);
  if (!result.success) {
    throw new Error(`Bad environment:\n${z.prettifyError(result.error)}`);
  }
  return result.data;
}
