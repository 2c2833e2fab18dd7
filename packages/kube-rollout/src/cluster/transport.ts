import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import { Dispatcher, Pool, ProxyAgent } from 'undici';
import { ClusterError, RolloutError } from '../errors';
import { USER_AGENT } from '../version';
import { apiError } from './apiError';

/** One request to the API server. `path` is absolute on the server, without its base path. */
export interface ApiRequest {
  method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/** An answer with status 2xx. */
export interface ApiResponse {
  status: number;
  body: any;
  /** Texts of the `Warning` headers (RFC 9111 §5.5 syntax, code 299). */
  warnings: string[];
}

export interface TransportOptions {
  timeoutMs: number;
  connections: number;
  bearerToken?: () => Promise<string | undefined>;
  /** Most bytes of one answer; default 64 MiB. */
  maxResponseBytes?: number;
}

interface Credentials {
  headers: Record<string, string>;
  tls: Tls;
  at: number;
}

interface Tls {
  ca?: RequestOptions['ca'];
  cert?: RequestOptions['cert'];
  key?: RequestOptions['key'];
  pfx?: RequestOptions['pfx'];
  passphrase?: string;
  servername?: string;
  rejectUnauthorized: boolean;
}

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
const CREDENTIALS_MS = 60_000;

/**
 * HTTP to one API server with the authentication of client-node and nothing else of it.
 * Requests share a fixed number of kept connections; streams have a pool of their own, so that
 * watches can never starve requests.
 */
export class Transport {
  readonly #kubeConfig: KubeConfig;
  readonly #options: TransportOptions;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #proxyUrl?: string;
  #credentials?: Promise<Credentials>;
  #dispatchers?: { tls: Tls; requests: Dispatcher; streams: Dispatcher };
  #closed = false;

  constructor(kubeConfig: KubeConfig, options: TransportOptions) {
    const cluster = kubeConfig.getCurrentCluster();
    if (!cluster) {
      throw new ClusterError(
        'BAD_KUBECONFIG',
        `context "${kubeConfig.getCurrentContext()}" names no known cluster`,
      );
    }
    let server: URL;
    try {
      server = new URL(cluster.server);
    } catch (cause) {
      throw new ClusterError(
        'BAD_KUBECONFIG',
        `cluster "${cluster.name}": server is not a URL`,
        { cause },
      );
    }
    if (server.protocol !== 'https:' && !isLoopback(server)) {
      throw new ClusterError(
        'BAD_KUBECONFIG',
        `cluster "${cluster.name}": credentials may not travel over ${server.protocol}//; use https`,
      );
    }
    this.#kubeConfig = kubeConfig;
    this.#options = options;
    this.#origin = server.origin;
    this.#basePath = server.pathname.replace(/\/+$/, '');
    this.#proxyUrl = cluster.proxyUrl;
  }

  /**
   * Sends a request and reads the whole answer.
   * @throws ClusterError for every answer that is not 2xx, and when none comes
   */
  async request(request: ApiRequest): Promise<ApiResponse> {
    try {
      return await this.#requestOnce(request);
    } catch (error) {
      // One refresh: a rotated token is no refusal.
      if (error instanceof ClusterError && error.code === 'UNAUTHORIZED') {
        this.#credentials = undefined;
        return this.#requestOnce(request);
      }
      throw error;
    }
  }

  /**
   * Opens a stream. It ends when the server, `signal` or the network ends it; time limits are up to the caller.
   * @throws ClusterError as {@link Transport.request}
   */
  async stream(request: ApiRequest): Promise<Readable> {
    const response = await this.#send(request, 'streams', request.signal);
    if (response.statusCode >= 300) {
      if (response.statusCode === 401) this.#credentials = undefined;
      throw await this.#refusal(request, response);
    }
    return response.body;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const dispatchers = this.#dispatchers;
    this.#dispatchers = undefined;
    if (dispatchers) {
      await Promise.all([
        dispatchers.requests.destroy(),
        dispatchers.streams.destroy(),
      ]);
    }
  }

  async #requestOnce(request: ApiRequest): Promise<ApiResponse> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = request.signal
      ? AbortSignal.any([request.signal, timeout])
      : timeout;
    const response = await this.#send(request, 'requests', signal);
    if (response.statusCode >= 300)
      throw await this.#refusal(request, response);
    const text = await this.#read(request, response);
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch (cause) {
      throw new ClusterError(
        'BAD_RESPONSE',
        `${describe(request)}: the answer is not JSON`,
        { status: response.statusCode, cause },
      );
    }
    return {
      status: response.statusCode,
      body,
      warnings: readWarnings(response.headers.warning),
    };
  }

  async #send(
    request: ApiRequest,
    pool: 'requests' | 'streams',
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    if (this.#closed) {
      throw new RolloutError('ABORTED', 'the connection was closed');
    }
    try {
      const credentials = await this.#authenticate();
      const dispatcher = await this.#dispatcher(credentials.tls);
      return await dispatcher[pool].request({
        origin: this.#origin,
        path: this.#basePath + request.path + queryString(request.query),
        method: request.method,
        headers: {
          ...credentials.headers,
          accept: 'application/json',
          'user-agent': USER_AGENT,
          ...(request.body === undefined
            ? {}
            : { 'content-type': request.contentType ?? 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
        ...(pool === 'streams' ? { bodyTimeout: 0 } : {}),
      });
    } catch (error) {
      throw this.#failure(request, error);
    }
  }

  async #read(
    request: ApiRequest,
    response: Dispatcher.ResponseData,
  ): Promise<string> {
    const limit = this.#options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body) {
        size += chunk.length;
        if (size > limit) {
          response.body.destroy();
          throw new ClusterError(
            'RESPONSE_TOO_LARGE',
            `${describe(request)}: more than ${limit} bytes`,
          );
        }
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.#failure(request, error);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async #refusal(
    request: ApiRequest,
    response: Dispatcher.ResponseData,
  ): Promise<ClusterError> {
    const text = await this.#read(request, response);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      // A proxy's page; the status says enough.
    }
    const retryAfter = response.headers['retry-after'];
    return apiError(
      response.statusCode,
      body,
      describe(request),
      Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    );
  }

  #failure(request: ApiRequest, error: unknown): Error {
    if (error instanceof RolloutError) return error;
    if (request.signal?.aborted) {
      return new RolloutError('ABORTED', `${describe(request)}: aborted`, {
        cause: error,
      });
    }
    const cause = error as Error & { code?: string };
    const why =
      cause.name === 'TimeoutError'
        ? `no answer within ${this.#options.timeoutMs / 1000} s`
        : [cause.code, cause.message].filter(Boolean).join(': ') || cause.name;
    return new ClusterError(
      'UNREACHABLE',
      `${describe(request)}: cannot reach ${this.#origin}: ${why}`,
      { cause: error },
    );
  }

  #authenticate(): Promise<Credentials> {
    const fresh = async (): Promise<Credentials> => {
      const options: RequestOptions = {};
      try {
        await this.#kubeConfig.applyToHTTPSOptions(options);
      } catch (cause) {
        throw new ClusterError(
          'BAD_KUBECONFIG',
          `cannot make credentials from the kubeconfig: ${
            (cause as Error).message
          }`,
          { cause },
        );
      }
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(options.headers ?? {})) {
        if (value !== undefined) headers[name.toLowerCase()] = String(value);
      }
      if (options.auth) {
        headers.authorization = `Basic ${Buffer.from(options.auth).toString(
          'base64',
        )}`;
      }
      const token = await this.#options.bearerToken?.();
      if (token) headers.authorization = `Bearer ${token}`;
      const cluster = this.#kubeConfig.getCurrentCluster();
      return {
        headers,
        at: Date.now(),
        tls: {
          ca: options.ca,
          cert: options.cert,
          key: options.key,
          pfx: options.pfx,
          passphrase: options.passphrase,
          servername: options.servername || cluster?.tlsServerName,
          // Never left to NODE_TLS_REJECT_UNAUTHORIZED: only the kubeconfig itself may switch verification off.
          rejectUnauthorized: cluster?.skipTLSVerify !== true,
        },
      };
    };
    const current = this.#credentials;
    if (current) {
      return current.then(
        credentials => {
          if (Date.now() - credentials.at < CREDENTIALS_MS) return credentials;
          if (this.#credentials === current) this.#credentials = fresh();
          return this.#credentials ?? fresh();
        },
        () => {
          if (this.#credentials === current) this.#credentials = fresh();
          return this.#credentials ?? fresh();
        },
      );
    }
    this.#credentials = fresh();
    return this.#credentials;
  }

  async #dispatcher(tls: Tls) {
    const current = this.#dispatchers;
    if (current && sameTls(current.tls, tls)) return current;
    const make = (connections: number | null): Dispatcher =>
      this.#proxyUrl
        ? new ProxyAgent({
            uri: this.#proxyUrl,
            requestTls: tls as any,
            connections: connections ?? undefined,
          })
        : new Pool(this.#origin, {
            connections,
            connect: { ...(tls as any), timeout: 10_000 },
            keepAliveTimeout: 60_000,
          });
    const next = {
      tls,
      requests: make(this.#options.connections),
      streams: make(null),
    };
    this.#dispatchers = next;
    // A rotated client certificate: what is in flight may end, nothing new begins on the old connections.
    current?.requests.close().catch(() => {});
    current?.streams.close().catch(() => {});
    return next;
  }
}

function sameTls(a: Tls, b: Tls): boolean {
  const same = (x: unknown, y: unknown) => String(x ?? '') === String(y ?? '');
  return (
    same(a.ca, b.ca) &&
    same(a.cert, b.cert) &&
    same(a.key, b.key) &&
    same(a.pfx, b.pfx) &&
    a.servername === b.servername &&
    a.rejectUnauthorized === b.rejectUnauthorized
  );
}

function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function queryString(query: ApiRequest['query']): string {
  const entries = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined,
  );
  return entries.length
    ? `?${new URLSearchParams(entries.map(([k, v]) => [k, String(v)]))}`
    : '';
}

function describe({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

const WARNING = /299 \S+ "((?:[^"\\]|\\.)*)"/g;

function readWarnings(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(', ') : header ?? '';
  return [...text.matchAll(WARNING)].map(([, warning]) =>
    warning.replace(/\\(.)/g, '$1'),
  );
}
