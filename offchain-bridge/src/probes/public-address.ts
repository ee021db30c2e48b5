import { BlockList, isIPv4 } from 'node:net';

/** Not for the whole world. Source: the IANA IPv4 Special-Purpose Address Registry (RFC 6890). */
const SPECIAL: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL) special.addSubnet(network, prefix);

/**
 * Whether an address is one of the public network. Cards of machines come from other people's agents:
 * none of them shall make a prober knock at what is near it.
 */
export function isPublicIpv4(address: string): boolean {
  return isIPv4(address) && !special.check(address);
}
