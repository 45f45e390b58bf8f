// The headers a caller gets: the upstream's own, with addresses made public and nothing that would reach beyond its prefix.
import { fail } from './error-codes.ts';
import { corsHeaders } from './cors.ts';
import { scopedCookie } from './cookies.ts';
import { responseHeaderKind } from './header-kind.ts';
import { publicLocation, staysBelow } from './public-address.ts';
import { publicChallenge } from './public-challenge.ts';
import type { AddressMap } from './public-address.ts';

/** What the headers of one answer depend on. */
export interface ResponseHeaderContext {
  readonly addresses: AddressMap;
  readonly cookiePrefix: string;
  readonly requestId: string;
  /** Whether the request came from a web page. */
  readonly cors: boolean;
  /** Public path of a call that carried a key, which no redirect may lead elsewhere; `undefined` for other calls. */
  readonly keyedPath: string | undefined;
}

/** An upstream's head as the caller gets it. */
export interface ResponseHead {
  /** Names and values in turn. */
  readonly headers: string[];
  /** Lower case, without parameters; empty when the upstream named none. */
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Whether the upstream said how long its body is. */
  readonly counted: boolean;
  /** `Mcp-Session-Id`. */
  readonly sessionId: string | undefined;
}

const corsList: readonly string[] = Object.entries(corsHeaders).flat();

/** A document of an upstream gets an origin of its own, so it cannot act as the platform's pages. */
const sandbox = 'sandbox allow-forms allow-scripts allow-popups';

/** Types that no browser runs as a document. */
const inert = new Set(['application/json', 'text/event-stream', 'application/problem+json', 'text/plain']);

/** Makes the caller's headers from an upstream's raw ones. */
export function responseHead(status: number, raw: readonly string[], context: ResponseHeaderContext): ResponseHead {
  const headers: string[] = [];
  const seen: Seen = { contentType: '', contentEncoding: '', requestId: false, counted: false, sessionId: undefined };
  const nominated = nominatedNames(raw);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as string;
    const value = raw[index + 1] as string;
    if (nominated?.has(name.toLowerCase()) !== true) pushHeader(headers, status, name, value, context, seen);
  }
  if (!seen.requestId) headers.push('X-Request-ID', context.requestId);
  if (context.cors) headers.push(...corsList);
  if (!inert.has(seen.contentType) && status !== 204 && status !== 304) headers.push('Content-Security-Policy', sandbox);
  // Without it a browser may read inert text as a document.
  if (seen.contentType === 'text/plain' || seen.contentType === '') headers.push('X-Content-Type-Options', 'nosniff');
  const { contentType, contentEncoding, counted, sessionId } = seen;
  return { headers, contentType, contentEncoding, counted, sessionId };
}

interface Seen {
  contentType: string;
  contentEncoding: string;
  requestId: boolean;
  counted: boolean;
  sessionId: string | undefined;
}

function pushHeader(headers: string[], status: number, name: string, value: string, context: ResponseHeaderContext, seen: Seen): void {
  switch (responseHeaderKind(name)) {
    case 'drop':
    case 'connection':
      return;
    case 'content-type':
      seen.contentType = mediaType(value);
      break;
    case 'content-encoding':
      seen.contentEncoding = value.toLowerCase();
      break;
    case 'content-length':
      // RFC 9110, section 8.6: not with 204.
      if (status === 204) return;
      seen.counted = true;
      break;
    case 'request-id':
      seen.requestId = true;
      break;
    case 'session':
      seen.sessionId = value;
      break;
    case 'location':
      headers.push(name, publicLocation(value, context.addresses));
      return;
    case 'redirect':
      headers.push(name, redirect(status, publicLocation(value, context.addresses), context));
      return;
    case 'challenge':
      headers.push(name, publicChallenge(value, context.addresses));
      return;
    case 'cookie': {
      const cookie = scopedCookie(value, context.cookiePrefix, context.addresses.prefix);
      if (cookie !== undefined) headers.push(name, cookie);
      return;
    }
    default:
  }
  headers.push(name, value);
}

/**
 * Clients follow a redirect with the key that they sent: at another site it would be stolen, and at the platform's own API a server
 * could act as its caller (a 307 keeps the method, DELETE included).
 */
function redirect(status: number, location: string, { keyedPath, addresses }: ResponseHeaderContext): string {
  if (status >= 300 && status < 400 && keyedPath !== undefined && !staysBelow(location, keyedPath, addresses))
    throw fail('ERR_PROXY_REDIRECT', 'The server redirects the call to an address that is not its own.');
  return location;
}

function mediaType(value: string): string {
  const semicolon = value.indexOf(';');
  return (semicolon === -1 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}

function nominatedNames(raw: readonly string[]): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (responseHeaderKind(raw[index] as string) !== 'connection') continue;
    const value = (raw[index + 1] as string).toLowerCase();
    if (value !== 'keep-alive' && value !== 'close') names = new Set([...(names ?? []), ...value.split(',').map((part) => part.trim())]);
  }
  return names;
}
