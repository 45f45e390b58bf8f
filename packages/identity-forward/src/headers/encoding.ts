// Header values can hold little more than ASCII; MCP's own sentinel form carries the rest.
import { IdentityError } from '../identity-error.ts';

const opening = '=?base64?';
const closing = '?=';
const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const padded = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Any text as a header value. Printable ASCII stays as it is; everything else (other scripts, control characters, outer
 * spaces, and text that looks encoded itself) becomes `=?base64?…?=` around the base64 of its UTF-8 bytes.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
 */
export function encodeHeaderValue(text: string): string {
  if (text === '' || (printable.test(text) && !looksEncoded(text))) return text;
  return encodeAlways(text);
}

/** Any text in the sentinel form, whether it needs it or not. */
export function encodeAlways(text: string): string {
  return `${opening}${toBase64(new TextEncoder().encode(text))}${closing}`;
}

/**
 * The text of a header value that {@link encodeHeaderValue} made; a value without the sentinel is its own text.
 *
 * @throws `ERR_IDENTITY_HEADERS` when the sentinel holds no canonical base64 of UTF-8.
 */
export function decodeHeaderValue(value: string): string {
  if (!looksEncoded(value)) return value;
  const encoded = value.slice(opening.length, -closing.length);
  const bytes = padded.test(encoded) ? fromBase64(encoded) : undefined;
  // Spare bits give the same bytes another spelling.
  if (bytes === undefined || toBase64(bytes) !== encoded)
    throw new IdentityError('ERR_IDENTITY_HEADERS', 'An encoded header value is not base64.');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new IdentityError('ERR_IDENTITY_HEADERS', 'An encoded header value is not UTF-8.');
  }
}

function looksEncoded(text: string): boolean {
  return text.length >= opening.length + closing.length && text.startsWith(opening) && text.endsWith(closing);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
