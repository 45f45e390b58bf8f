// Decodes base64url as a token spells it: without padding, in the one spelling that its bytes have. Refusing the others
// (RFC 4648 section 3.5) while decoding spares the encoding anew that would tell them apart.

/** The value of each byte that stands for six bits, and 64, which no value reaches, for all others. */
const values = new Uint8Array(256).fill(64);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;

/**
 * Writes what the ASCII text between two places spells, and says how many bytes that is; -1 when it is not canonical base64url.
 * `into` needs room for three bytes of every four characters.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-5
 */
export function decodeBase64url(text: Uint8Array, start: number, end: number, into: Uint8Array): number {
  const rest = (end - start) & 3;
  if (rest === 1) return -1;
  const whole = end - rest;
  let to = 0;
  let seen = 0;
  for (let from = start; from < whole; from += 4) {
    const a = valueOf(text, from);
    const b = valueOf(text, from + 1);
    const c = valueOf(text, from + 2);
    const d = valueOf(text, from + 3);
    seen |= a | b | c | d;
    into[to] = (a << 2) | (b >> 4);
    into[to + 1] = (b << 4) | (c >> 2);
    into[to + 2] = (c << 6) | d;
    to += 3;
  }
  if (rest > 0) seen |= decodeRest(text, whole, rest, into, to);
  return seen < 64 ? ((end - start) * 3) >> 2 : -1;
}

/** The last two or three characters. Their spare bits must be zero; where they are not, the answer says 64 as for a strange byte. */
function decodeRest(text: Uint8Array, from: number, length: number, into: Uint8Array, to: number): number {
  const a = valueOf(text, from);
  const b = valueOf(text, from + 1);
  const c = length === 3 ? valueOf(text, from + 2) : 0;
  into[to] = (a << 2) | (b >> 4);
  if (length === 3) into[to + 1] = (b << 4) | (c >> 2);
  const spare = length === 3 ? c & 3 : b & 15;
  return a | b | c | (spare === 0 ? 0 : 64);
}

function valueOf(text: Uint8Array, index: number): number {
  return values[text[index] as number] as number;
}
