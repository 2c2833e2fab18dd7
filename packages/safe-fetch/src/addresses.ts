import ipaddr from 'ipaddr.js';

/** What an IP address is to us: the open internet, this machine, or neither (private, link-local, tunnelled, …). */
export type AddressClass = 'public' | 'loopback' | 'blocked';

const globalUnicastV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Classes an address by the registries behind `ipaddr.js` (RFC 6890 and its kin). Closed by default: only what is known
 * as global unicast is public, so that IPv4-mapped, NAT64, 6to4, Teredo and whatever comes later stay out.
 */
export function classifyAddress(address: string): AddressClass {
  if (!ipaddr.isValid(address)) {
    return 'blocked';
  }
  const ip = ipaddr.parse(address);
  const range = ip.range();
  if (range === 'loopback') {
    return 'loopback';
  }
  if (range !== 'unicast') {
    return 'blocked';
  }
  if (ip instanceof ipaddr.IPv6) {
    return ip.match(globalUnicastV6) ? 'public' : 'blocked';
  }
  return 'public';
}
