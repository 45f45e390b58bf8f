// Points that prove nothing, or that one engine takes and another refuses. Refused here, so that all engines agree.

/**
 * The y coordinates of the eight points of small order, little-endian, without the sign bit: as a key, anyone can make signatures
 * that fit; in a signature, OpenSSL 3.0 takes them, and OpenSSL 3.5 and libsodium do not.
 * @see https://eprint.iacr.org/2020/823 Taming the many EdDSAs, table 1
 */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16)));

/** Whether the first 32 bytes are a point of small order, or spell a coordinate above the prime (RFC 8032 section 5.1.3 refuses it). */
export function isUnsafePoint(bytes: Uint8Array): boolean {
  return isAbovePrime(bytes) || smallOrder.some((point) => isSame(point, bytes));
}

/** The prime is 2^255 - 19: `ed`, thirty times `ff`, `7f`. */
function isAbovePrime(bytes: Uint8Array): boolean {
  if ((byteAt(bytes, 31) & 0x7f) !== 0x7f || byteAt(bytes, 0) < 0xed) return false;
  for (let index = 1; index < 31; index += 1) if (bytes[index] !== 0xff) return false;
  return true;
}

function isSame(point: Uint8Array, bytes: Uint8Array): boolean {
  for (let index = 0; index < 31; index += 1) if (bytes[index] !== point[index]) return false;
  return (byteAt(bytes, 31) & 0x7f) === point[31];
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
