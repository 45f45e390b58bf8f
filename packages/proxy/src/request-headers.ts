// The headers an upstream gets: the caller's own, less what is not theirs to send, plus what the platform says of the call.
import type { IncomingMessage } from 'node:http';
import type { AnonymousSubject, Subject } from '@runlayer/identity-forward';
import { subjectHeaders } from '@runlayer/identity-forward/headers';
import { withoutPlatformCookies } from './cookies.ts';
import { fail } from './error-codes.ts';
import { foldHeaderName, requestHeaderKind } from './header-kind.ts';

/** What the headers of one call depend on, besides the request itself. */
export interface RequestHeaderContext {
  /** `Host` for the upstream. */
  readonly host: string;
  /** `X-Forwarded-Prefix`. */
  readonly prefix: string;
  /** Scheme and host of the platform's public address. */
  readonly platform: { readonly proto: string; readonly host: string };
  readonly cookiePrefix: string;
  /** Whether `Authorization` held the platform's credential. */
  readonly dropAuthorization: boolean;
  readonly anonymous: boolean;
  /** Whether the answer may have to be read as an event stream, so must not come compressed. */
  readonly plainAnswer: boolean;
  /** Whose identity is told in plain headers; `undefined` when the toggle is off. */
  readonly subject: Subject | AnonymousSubject | undefined;
  /** Identity token; `undefined` when the toggle is off. */
  readonly token: string | undefined;
}

/** Names and values in turn. Identity comes last, after everything a caller could nominate for removal is gone. */
export function requestHeaders(req: IncomingMessage, context: RequestHeaderContext): string[] {
  const headers = ['Host', context.host];
  const nominated = nominatedNames(req.headers.connection);
  const { rawHeaders } = req;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = keptValue(name, rawHeaders[index + 1] as string, context);
    if (value !== undefined && nominated?.has(foldHeaderName(name)) !== true) headers.push(name, value);
  }
  const length = req.headers['content-length'];
  if (length !== undefined) headers.push('Content-Length', length);
  pushForwarded(headers, req, context);
  pushIdentity(headers, context);
  return headers;
}

function keptValue(name: string, value: string, context: RequestHeaderContext): string | undefined {
  switch (requestHeaderKind(name)) {
    case 'pass':
      return value;
    case 'authorization':
      return context.dropAuthorization ? undefined : value;
    case 'cookie':
      return withoutPlatformCookies(value, context.cookiePrefix);
    case 'accept-encoding':
      return context.plainAnswer ? undefined : value;
    case 'override':
      return context.anonymous ? undefined : value;
    default:
      return undefined;
  }
}

/** Names that `Connection` takes out of the message; `undefined` in the ordinary case. */
function nominatedNames(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.split(',').map((name) => foldHeaderName(name.trim())));
}

function pushForwarded(headers: string[], req: IncomingMessage, context: RequestHeaderContext): void {
  headers.push('X-Forwarded-For', callerAddress(req), 'X-Forwarded-Proto', context.platform.proto);
  headers.push('X-Forwarded-Host', context.platform.host, 'X-Forwarded-Prefix', context.prefix);
}

/** A socket that listens for both families shows IPv4 callers in a mapped form. */
function callerAddress(req: IncomingMessage): string {
  const address = req.socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

const plainIdentity = new WeakMap<Subject | AnonymousSubject, readonly string[]>();

function pushIdentity(headers: string[], context: RequestHeaderContext): void {
  const { subject, token } = context;
  if (subject !== undefined) {
    let plain = plainIdentity.get(subject);
    if (plain === undefined) plainIdentity.set(subject, (plain = subjectHeaders(subject).flat()));
    headers.push(...plain);
  }
  if (token !== undefined) headers.push('X-Runlayer-Identity-Token', token);
}

/** @throws `ERR_PROXY_REQUEST` for a request with two `Host` or two `Authorization` lines: whoever reads it may each believe another one. */
export function checkSingleLines(rawHeaders: readonly string[]): void {
  let hosts = 0;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const kind = requestHeaderKind(rawHeaders[index] as string);
    if (kind === 'host') hosts += 1;
    else if (kind === 'authorization') authorizations += 1;
  }
  if (hosts > 1) throw fail('ERR_PROXY_REQUEST', 'The request has more than one Host header.');
  if (authorizations > 1) throw fail('ERR_PROXY_REQUEST', 'The request has more than one Authorization header.');
}
