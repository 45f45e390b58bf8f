// Which IP addresses belong to the public Internet: the only ones a connector by URL may reach.
import { BlockList, isIP } from 'node:net';

/** Special-purpose ranges. @see https://www.iana.org/assignments/iana-ipv4-special-registry @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const special: readonly (readonly [network: string, prefix: number])[] = [
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
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

// A list of each kind: one for both would read an IPv4 address as its mapped form and find it in `::/3`.
const lists = { 4: new BlockList(), 6: new BlockList() };
for (const [network, prefix] of special) {
  if (network.includes(':')) lists[6].addSubnet(network, prefix, 'ipv6');
  else lists[4].addSubnet(network, prefix, 'ipv4');
}

/**
 * Whether an IP literal is a public address. Of IPv6 only global unicast counts (2000::/3), so mapped, translated (64:ff9b::/96),
 * site-local and link-local forms are not public; neither is text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  const family = isIP(bare);
  if (family === 4) return !lists[4].check(bare, 'ipv4');
  return family === 6 && !lists[6].check(bare, 'ipv6');
}
