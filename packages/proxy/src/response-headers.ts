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
  /** Whether it answers a client of event streams, which follows the address that one names. */
  readonly asksForEvents: boolean;
}

/** An upstream's head as the caller gets it. */
export class ResponseHead {
  /** Names and values in turn. */
  readonly headers: string[] = [];
  /** Lower case, without parameters; empty when the upstream named none. */
  contentType = '';
  contentEncoding = '';
  /** Whether the upstream said how long its body is. */
  counted = false;
  /** `Mcp-Session-Id`. */
  sessionId: string | undefined = undefined;
  hasRequestId = false;
  connection: string | undefined = undefined;
}

const corsList: readonly string[] = Object.entries(corsHeaders).flat();

/** A document of an upstream gets an origin of its own, so it cannot act as the platform's pages. */
const sandbox = 'sandbox allow-forms allow-scripts allow-popups';

/** Types that no browser runs as a document. */
const inert = new Set(['application/json', 'text/event-stream', 'application/problem+json', 'text/plain']);

/** Makes the caller's headers from an upstream's raw ones. */
export function responseHead(status: number, raw: readonly string[], context: ResponseHeaderContext): ResponseHead {
  const head = new ResponseHead();
  for (let index = 0; index + 1 < raw.length; index += 2) sortHeader(head, status, raw[index] as string, raw[index + 1] as string, context);
  const { headers, connection, contentType } = head;
  if (context.asksForEvents && contentType === 'text/event-stream') makeReadable(head);
  if (connection !== undefined && connection !== 'keep-alive' && connection !== 'close') dropNominated(headers, connection);
  if (!head.hasRequestId) headers.push('X-Request-ID', context.requestId);
  if (context.cors) headers.push(...corsList);
  if (!inert.has(contentType) && status !== 204 && status !== 304) headers.push('Content-Security-Policy', sandbox);
  // Without it a browser may read inert text as a document. Of several lines it believes the first.
  if (contentType === 'text/plain' || contentType === '') {
    dropNamed(headers, sniffing);
    headers.push('X-Content-Type-Options', 'nosniff');
  }
  return head;
}

function sortHeader(head: ResponseHead, status: number, name: string, value: string, context: ResponseHeaderContext): void {
  const { headers } = head;
  switch (responseHeaderKind(name)) {
    case 'pass':
      break;
    case 'drop':
      return;
    case 'connection':
      head.connection = head.connection === undefined ? value.toLowerCase() : `${head.connection},${value.toLowerCase()}`;
      return;
    case 'content-type':
      noteType(head, value);
      break;
    case 'content-encoding':
      head.contentEncoding = value.toLowerCase();
      break;
    case 'content-length':
      // RFC 9110, section 8.6: not with 204.
      if (status === 204) return;
      head.counted = true;
      break;
    case 'request-id':
      head.hasRequestId = true;
      break;
    case 'session':
      head.sessionId = value;
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

/** Of several types browsers take the last, and other clients another one: an event stream or a document would pass unseen. */
function noteType(head: ResponseHead, value: string): void {
  if (value.length > longestType) throw fail('ERR_PROXY_ANSWER', 'The type that the server names for its answer is too long.');
  for (const one of value.includes(',') ? value.replace(quoted, '').split(',') : [value]) {
    const type = mediaType(one);
    if (head.contentType !== '' && type !== head.contentType) throw fail('ERR_PROXY_ANSWER', 'The server names two types for its answer.');
    head.contentType = type;
  }
}

/** Also bounds the time that its quotes take to find. */
const longestType = 1_024;
const quoted = /"(?:[^"\\]|\\.)*"/g;

/** The stream is read on its way: its length may change, and compressed it would hide what it says. Nobody asked for that. */
function makeReadable(head: ResponseHead): void {
  if (head.contentEncoding !== '') throw fail('ERR_PROXY_ANSWER', 'The server compressed an event stream that must not be.');
  if (!head.counted) return;
  dropNamed(head.headers, length);
  head.counted = false;
}

/** Of the white space that `trim` takes away, browsers know only these two. */
function mediaType(value: string): string {
  const semicolon = value.indexOf(';');
  let end = semicolon === -1 ? value.length : semicolon;
  let start = 0;
  while (start < end && isBlank(value, start)) start += 1;
  while (end > start && isBlank(value, end - 1)) end -= 1;
  return value.slice(start, end).toLowerCase();
}

function isBlank(value: string, index: number): boolean {
  return value[index] === ' ' || value[index] === '\t';
}

/** What a body means is for everybody who reads it: a browser guesses at one without a type. */
const describing = ['content-type', 'content-length', 'content-encoding'];
const length: ReadonlySet<string> = new Set(['content-length']);
const sniffing: ReadonlySet<string> = new Set(['x-content-type-options']);

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
function dropNominated(headers: string[], connection: string): void {
  const nominated = new Set(connection.split(',').map((part) => part.trim()));
  for (const name of describing) nominated.delete(name);
  dropNamed(headers, nominated);
}

function dropNamed(headers: string[], names: ReadonlySet<string>): void {
  let kept = 0;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (names.has((headers[index] as string).toLowerCase())) continue;
    headers[kept] = headers[index] as string;
    headers[kept + 1] = headers[index + 1] as string;
    kept += 2;
  }
  headers.length = kept;
}
