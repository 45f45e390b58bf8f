// Points for which a signature proves nothing: anyone can make one that fits.
import { decode } from 'jose/base64url';

/**
 * The y coordinates of the eight points of small order, and their spellings above the prime, as little-endian hex without the sign bit.
 * @see https://eprint.iacr.org/2020/823 Taming the many EdDSAs, table 1
 */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether `x` of an Ed25519 JWK is a point of small order, in any spelling. Throws on text that is not base64url. */
export function isSmallOrder(x: string): boolean {
  const bytes = Uint8Array.from(decode(x));
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  return smallOrder.has(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
