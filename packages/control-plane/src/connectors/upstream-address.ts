// Which addresses a connector by URL may point at: never a cloud's metadata service, and private networks only by the operator's leave.
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Metadata services of clouds, and link-local addresses, where most of them live. */
const metadata = blockList([
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]);

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry — and the registry for IPv6 beside it. */
const notPublic = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
]);

/** What an address is for a connector. */
export type AddressKind = 'public' | 'private' | 'metadata';

/** Sorts an IP literal; IPv4 inside IPv6 (mapped, NAT64, 6to4) counts as what it stands for. What is no address is `private`. */
export function addressKind(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) === 0) return 'private';
  const kinds = [plain, embeddedIpv4(plain)].filter((form) => form !== undefined).map(kindOf);
  return kinds.includes('metadata') ? 'metadata' : kinds.includes('private') ? 'private' : 'public';
}

function kindOf(address: string): AddressKind {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (metadata.check(address, family)) return 'metadata';
  return notPublic.check(address, family) ? 'private' : 'public';
}

function embeddedIpv4(address: string): string | undefined {
  if (isIPv4(address)) return undefined;
  const words = ipv6Words(address);
  const [first, second, third] = words;
  const asIpv4 = (high = 0, low = 0) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  if (first === 0x2002) return asIpv4(second, third);
  const isMapped = words.slice(0, 5).every((word) => word === 0) && (words[5] === 0xffff || words[5] === 0);
  const isNat64 = first === 0x64 && second === 0xff9b;
  return isMapped || isNat64 ? asIpv4(words[6], words[7]) : undefined;
}

function ipv6Words(address: string): readonly number[] {
  // The URL parser writes an IPv4 tail as two words.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const start = words(head);
  const end = words(tail ?? '');
  return tail === undefined ? start : [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end];
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = '0'] = range.split('/');
    list.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return list;
}
