// Which addresses a registry may have: an image is named by a user, and must not lead into the platform's own network.
import { BlockList, isIP } from 'node:net';

/** Ranges that are not public. @see https://www.iana.org/assignments/iana-ipv4-special-registry and the one for IPv6 */
const special = blockLists([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Only 2000::/3 is global unicast: so forms that carry an IPv4 address are not public either.
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);

/** Metadata services of clouds and link-local addresses: no registry is there, and no option allows them. */
const never = blockLists([
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '::ffff:169.254.0.0/112',
  '64:ff9b::169.254.0.0/112',
]);

/** Whether an IP address may be connected. What is no address may not. */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) === 0 || never(plain)) return false;
  return allowPrivate || !special(plain);
}

/** Whether an address or host name is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

// A list of each kind: one for both would find every IPv4 address, in its mapped form, in `::/3`.
function blockLists(ranges: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  const kindOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
  for (const range of ranges) {
    const [network = '', bits = '0'] = range.split('/');
    lists[kindOf(network)].addSubnet(network, Number(bits), kindOf(network));
  }
  return (address) => lists[kindOf(address)].check(address, kindOf(address));
}
