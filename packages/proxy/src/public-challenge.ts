// A `WWW-Authenticate` of an upstream, with its resource metadata at an address that callers can reach.
import { isBelow, publicLocation } from './public-address.ts';
import type { AddressMap } from './public-address.ts';

const parameter = 'resource_metadata';

/**
 * A `WWW-Authenticate` as callers must read it: each `resource_metadata` (RFC 9728, section 5.1), quoted or not, of whichever challenge
 * of the line, that names the upstream's own origin or a bare path gets the public address. All other bytes stay as they are, text
 * that only looks like a parameter inside a quoted one among them.
 */
export function publicChallenge(challenge: string, map: AddressMap): string {
  if (map.isPublic === true || !challenge.toLowerCase().includes(parameter)) return challenge;
  let rewritten = '';
  let copied = 0;
  let index = 0;
  while (index < challenge.length) {
    const nameEnd = endOfToken(challenge, index);
    const start = nameEnd === index ? -1 : startOfValue(challenge, nameEnd);
    if (start === -1) {
      index = nameEnd === index ? endOfValue(challenge, index) : nameEnd;
      continue;
    }
    const end = endOfValue(challenge, start);
    if (challenge.slice(index, nameEnd).toLowerCase() === parameter) {
      rewritten += challenge.slice(copied, start) + publicValue(challenge.slice(start, end), map);
      copied = end;
    }
    index = end;
  }
  return rewritten + challenge.slice(copied);
}

/** A value in the form it came in, unchanged unless its address is the upstream's own. */
function publicValue(value: string, map: AddressMap): string {
  const quoted = value.startsWith('"');
  if (quoted && (value.length < 2 || !value.endsWith('"'))) return value;
  const address = quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
  const known = metadataAddress(address, map);
  if (known === address) return value;
  return quoted ? `"${known.replace(/["\\]/g, '\\$&')}"` : known;
}

/** Clients read it as a whole URL. A connector has no paths but its endpoint: its document is found at the platform's root. */
function metadataAddress(address: string, map: AddressMap): string {
  const known = publicLocation(address, map);
  const path = known.startsWith(map.platformOrigin) ? known.slice(map.platformOrigin.length) : known;
  if (!isBelow(path, map.prefix)) return known;
  const below = path.slice(map.prefix.length);
  const document = '/.well-known/oauth-protected-resource';
  if (map.mcpPath === undefined || !isBelow(below, document)) return map.platformOrigin + path;
  return map.platformOrigin + document + map.prefix + below.slice(document.length);
}

/** Where a value begins after the name that ends at `index`; -1 when what ended there is no parameter's name. */
function startOfValue(text: string, index: number): number {
  const sign = pastSpace(text, index);
  return text[sign] === '=' ? pastSpace(text, sign + 1) : -1;
}

/** Past a quoted string with its escapes, or an unquoted value up to a space or a comma; always past at least one character. */
function endOfValue(text: string, start: number): number {
  let index = start;
  if (text[start] !== '"') {
    while (index < text.length && !isSeparator(text[index] as string)) index += 1;
    return Math.max(index, start + 1);
  }
  for (index += 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index + 1;
  }
  return text.length;
}

function endOfToken(text: string, start: number): number {
  let index = start;
  while (index < text.length && isTokenCharacter(text.charCodeAt(index))) index += 1;
  return index;
}

function pastSpace(text: string, start: number): number {
  let index = start;
  while (text[index] === ' ' || text[index] === '\t') index += 1;
  return index;
}

function isSeparator(character: string): boolean {
  return character === ' ' || character === '\t' || character === ',';
}

/** RFC 9110, section 5.6.2. */
function isTokenCharacter(code: number): boolean {
  if ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return true;
  return code < 127 && "!#$%&'*+-.^_`|~".includes(String.fromCharCode(code));
}
