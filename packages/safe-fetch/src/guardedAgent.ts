import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { SafeFetchError } from './errors';
import type { AddressResolver, FullPolicy } from './policy';
import { checkAddresses } from './urlRules';

const systemResolve: AddressResolver = async hostname =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * An undici agent that looks a name up once for each connection, tests every address and connects to one of the tested
 * ones, so that a second, different answer of the name server is never asked for. Host header and SNI keep the name.
 */
export function guardedAgent(policy: FullPolicy): Agent {
  const resolve = policy.resolve ?? systemResolve;
  const tls = policy.ca && { ca: [...rootCertificates, ...policy.ca] };

  return new Agent({
    connections: policy.maxConnectionsPerOrigin,
    connect: (options, callback) => {
      const { protocol, hostname } = options;
      const host = hostname.replace(/^\[|\]$/g, '');
      const port = Number(options.port) || (protocol === 'https:' ? 443 : 80);
      // undici calls no lookup for IP literals: test those here as well.
      const resolved = isIP(host) ? Promise.resolve([host]) : resolve(host);
      resolved.then(
        addresses => {
          try {
            checkAddresses({ protocol, host, port }, addresses, policy);
          } catch (error) {
            callback(error as Error, null);
            return;
          }
          const connect = buildConnector({
            ...tls,
            timeout: policy.timeoutMs,
            lookup: answerWith(addresses),
          });
          connect({ ...options, hostname: host }, callback);
        },
        cause =>
          callback(
            new SafeFetchError(
              'UNREACHABLE',
              `The name ${host} cannot be resolved. Check its spelling and the name server.`,
              { cause },
            ),
            null,
          ),
      );
    },
  });
}

/** A lookup function that knows one answer. */
function answerWith(addresses: string[]): LookupFunction {
  const entries = addresses.map(address => ({
    address,
    family: isIP(address),
  }));
  return (_hostname, options, callback) => {
    if (options.all) {
      callback(null, entries);
    } else {
      callback(null, entries[0].address, entries[0].family);
    }
  };
}
