/**
 * Turns a host name into all of its IP addresses; rejects when there is none.
 *
 * @public
 */
export type AddressResolver = (hostname: string) => Promise<string[]>;

/**
 * Where requests may go, and how much of an answer is read. The empty policy is the production rule: https to public
 * addresses on port 443.
 *
 * @public
 */
export interface SafeFetchPolicy {
  /**
   * Development only: addresses in 127.0.0.0/8 and ::1 are allowed, there also with http and on any port. Nothing else
   * is widened. Default false.
   */
  allowLoopback?: boolean;
  /** Ports that may be asked on public addresses. Default `[443]`. */
  allowedPorts?: number[];
  /**
   * If given, only these hosts may be asked, in the form of Backstage's `backend.reading.allow[].host`: `example.org`,
   * `example.org:8443`, `*.example.org`. The address rules hold for them as well.
   */
  allowedHosts?: string[];
  /** Connections, and so requests at once, to one origin; more wait within their deadline. Default 8. */
  maxConnectionsPerOrigin?: number;
  /** Deadline of one request in milliseconds. Default 10 000. */
  timeoutMs?: number;
  /** Cap on an answer's body in bytes. Default 5 MiB. */
  maxBytes?: number;
  /** Certificate authorities in PEM that are trusted beside the built-in ones, say a company's own. */
  ca?: string[];
  /** Name lookup; the system's own by default. */
  resolve?: AddressResolver;
}

/** The policy with its defaults filled in. */
export type FullPolicy = Required<
  Omit<SafeFetchPolicy, 'allowedHosts' | 'ca' | 'resolve'>
> &
  Pick<SafeFetchPolicy, 'allowedHosts' | 'ca' | 'resolve'>;

export function withDefaults(policy: SafeFetchPolicy): FullPolicy {
  return {
    ...policy,
    allowLoopback: policy.allowLoopback ?? false,
    allowedPorts: policy.allowedPorts ?? [443],
    maxConnectionsPerOrigin: policy.maxConnectionsPerOrigin ?? 8,
    timeoutMs: policy.timeoutMs ?? 10_000,
    maxBytes: policy.maxBytes ?? 5 * 1024 * 1024,
  };
}
