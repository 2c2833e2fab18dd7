import { isIP } from 'node:net';
import { classifyAddress } from './addresses';
import { printableUrl, SafeFetchError } from './errors';
import type { FullPolicy } from './policy';

/**
 * The rules that a URL alone can break. It is parsed as WHATWG URL first, which turns every notation of an IPv4 address
 * (decimal, hexadecimal, octal, short) into the dotted one, and is judged only then.
 *
 * @throws SafeFetchError INVALID_URL, INSECURE_URL, SSRF_BLOCKED
 */
export function checkUrl(input: string | URL, policy: FullPolicy): URL {
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    throw new SafeFetchError(
      'INVALID_URL',
      'Not an absolute URL. Give one such as https://tools.example.org/.well-known/api-catalog.',
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new SafeFetchError(
      'INVALID_URL',
      `The scheme ${url.protocol} is not supported. Use https.`,
    );
  }
  if (url.username || url.password) {
    throw new SafeFetchError(
      'INVALID_URL',
      `User name or password in the URL of ${url.host}. Remove them.`,
    );
  }
  if (url.protocol === 'http:' && !policy.allowLoopback) {
    throw insecure(url);
  }
  const host = hostOf(url);
  if (isIP(host)) {
    const allowed =
      policy.allowLoopback && classifyAddress(host) === 'loopback';
    if (!allowed) {
      throw new SafeFetchError(
        'SSRF_BLOCKED',
        `${printableUrl(url)} names an IP address. Use a host name.`,
      );
    }
  } else if (!policy.allowLoopback) {
    checkPort(url.host, portOf(url), policy);
  }
  if (policy.allowedHosts && !isListed(url, policy.allowedHosts)) {
    throw new SafeFetchError(
      'SSRF_BLOCKED',
      `${url.host} is not among the allowed hosts. Add it to them if it may be asked.`,
    );
  }
  return url;
}

/**
 * The rules that need the addresses behind the name. Loopback is judged only if all of them are loopback, so that a name
 * with one public and one local address gets nowhere.
 *
 * @throws SafeFetchError SSRF_BLOCKED, INSECURE_URL
 */
export function checkAddresses(
  target: { protocol: string; host: string; port: number },
  addresses: string[],
  policy: FullPolicy,
): void {
  const classes = new Set(addresses.map(classifyAddress));
  if (classes.size === 1 && classes.has('loopback') && policy.allowLoopback) {
    return;
  }
  if (classes.size !== 1 || !classes.has('public')) {
    throw new SafeFetchError(
      'SSRF_BLOCKED',
      `${
        target.host
      } resolves to an address that is not public. Only public addresses may be asked${
        policy.allowLoopback ? ' (and, for development, loopback)' : ''
      }.`,
    );
  }
  if (target.protocol !== 'https:') {
    throw insecure(target);
  }
  checkPort(target.host, target.port, policy);
}

/** Host of a URL without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function checkPort(host: string, port: number, policy: FullPolicy): void {
  if (!policy.allowedPorts.includes(port)) {
    throw new SafeFetchError(
      'SSRF_BLOCKED',
      `Port ${port} of ${host} is not allowed. Allowed: ${policy.allowedPorts.join(
        ', ',
      )}.`,
    );
  }
}

function insecure({ host }: { host: string }): SafeFetchError {
  return new SafeFetchError(
    'INSECURE_URL',
    `${host} is asked over http. Use https.`,
  );
}

function isListed(url: URL, hosts: string[]): boolean {
  return hosts.some(entry => {
    const [name, port] = entry.toLowerCase().split(':');
    if ((port ?? '') !== url.port) {
      return false;
    }
    return name.startsWith('*.')
      ? url.hostname.endsWith(name.slice(1))
      : url.hostname === name;
  });
}
