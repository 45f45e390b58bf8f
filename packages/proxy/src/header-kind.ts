// Sorts header names once: what each name means to a proxy, remembered because the same few come with every call.
import { isReservedHeader } from '@runlayer/identity-forward/headers';

/** What becomes of a request header. */
export type RequestHeaderKind =
  | 'pass'
  | 'drop'
  | 'host'
  | 'connection'
  | 'upgrade'
  | 'authorization'
  | 'api-key'
  | 'content-length'
  | 'transfer-encoding'
  | 'cookie'
  | 'accept-encoding'
  | 'override'
  | NotedHeaderKind;

/** Passed on, and noted on the way. */
export type NotedHeaderKind = 'origin' | 'accept' | 'session' | 'last-event' | 'mcp-method' | 'mcp-name' | 'trace';

/** What becomes of a response header. */
export type ResponseHeaderKind =
  | 'pass'
  | 'drop'
  | 'connection'
  | 'content-type'
  | 'content-length'
  | 'content-encoding'
  | 'location'
  | 'redirect'
  | 'challenge'
  | 'cookie'
  | 'session'
  | 'request-id';

/** Names that speak of one connection, not of the message. @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = [
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
];

/** Claims about the original call that only a proxy may make: ours are sent in their place. */
const proxyClaims = [
  'forwarded',
  'x-real-ip',
  'x-original-url',
  'x-original-uri',
  'x-original-host',
  'x-rewrite-url',
  'x-host',
  // CGI servers turn it into the variable HTTP_PROXY (httpoxy).
  'proxy',
];

/** A method that stands in a header: anonymous calls may not have one. */
const methodOverrides = ['x-http-method-override', 'x-http-method', 'x-method-override'];

/** What a shared origin may not take from one of its servers. `Alt-Svc`, `NEL` and the like speak for all of it. */
const originWide = [
  'service-worker-allowed',
  'clear-site-data',
  'strict-transport-security',
  'public-key-pins',
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'origin-agent-cluster',
  'origin-trial',
  'set-login',
];

const requestKinds = new Map<string, RequestHeaderKind>([
  ...[...hopByHop, ...proxyClaims, 'expect'].map((name) => [name, 'drop'] as const),
  ...methodOverrides.map((name) => [name, 'override'] as const),
  ['host', 'host'],
  ['connection', 'connection'],
  ['upgrade', 'upgrade'],
  ['content-length', 'content-length'],
  ['transfer-encoding', 'transfer-encoding'],
  ['origin', 'origin'],
  ['accept', 'accept'],
  ['mcp-session-id', 'session'],
  ['last-event-id', 'last-event'],
  ['mcp-method', 'mcp-method'],
  ['mcp-name', 'mcp-name'],
  ['traceparent', 'trace'],
  ['authorization', 'authorization'],
  ['cookie', 'cookie'],
  ['accept-encoding', 'accept-encoding'],
]);

const responseKinds = new Map<string, ResponseHeaderKind>([
  ...[...hopByHop, ...originWide, 'x-runlayer-origin'].map((name) => [name, 'drop'] as const),
  ['connection', 'connection'],
  ['content-type', 'content-type'],
  ['content-length', 'content-length'],
  ['content-encoding', 'content-encoding'],
  ['location', 'redirect'],
  ['content-location', 'location'],
  ['www-authenticate', 'challenge'],
  ['set-cookie', 'cookie'],
  ['mcp-session-id', 'session'],
  ['x-request-id', 'request-id'],
]);

/** Remembered names: more than any honest traffic has, few enough to hold. */
const remembered = 2048;
const longestRemembered = 64;

export const requestHeaderKind: (name: string) => RequestHeaderKind = remember(sortRequestHeader);
export const responseHeaderKind: (name: string) => ResponseHeaderKind = remember(sortResponseHeader);

/** Servers that build CGI or WSGI variables fold `_`, `.` and other marks into one spelling: so does this. */
export function foldHeaderName(name: string): string {
  let folded = '';
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    const letter = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    folded += letter ? name[index] : code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : '-';
  }
  return folded;
}

function sortRequestHeader(name: string): RequestHeaderKind {
  const folded = foldHeaderName(name);
  if (name.toLowerCase() === 'x-runlayer-api-key') return 'api-key';
  if (isReservedHeader(folded) || folded.startsWith('x-forwarded-')) return 'drop';
  const kind = requestKinds.get(folded);
  // A folded spelling of a name that means something to us is a trick: an upstream may read it as the name itself.
  return kind === undefined || folded === name.toLowerCase() ? (kind ?? 'pass') : 'drop';
}

function sortResponseHeader(name: string): ResponseHeaderKind {
  const lower = name.toLowerCase();
  return lower.startsWith('access-control-') ? 'drop' : (responseKinds.get(lower) ?? 'pass');
}

function remember<Kind>(sort: (name: string) => Kind): (name: string) => Kind {
  const known = new Map<string, Kind>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const kind = sort(name);
    if (known.size < remembered && name.length <= longestRemembered) known.set(name, kind);
    return kind;
  };
}
