// The headers an upstream gets: the caller's own, less what is not theirs to send, plus what the platform says of the call.
import type { AnonymousSubject, Subject } from '@runlayer/identity-forward';
import { subjectHeaders } from '@runlayer/identity-forward/headers';
import { withoutPlatformCookies } from './cookies.ts';
import type { RequestHead } from './request-head.ts';

/** What the headers of one call depend on, besides the request itself. */
export interface RequestHeaderContext {
  /** `Host` for the upstream. */
  readonly host: string;
  /** `X-Forwarded-Proto`, `-Host` and `-Prefix`, names and values in turn. */
  readonly forwarded: readonly string[];
  /** Address the call came from, as its socket tells it. */
  readonly remoteAddress: string | undefined;
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
export function requestHeaders(head: RequestHead, context: RequestHeaderContext): string[] {
  const headers = ['Host', context.host, ...head.passed];
  if (head.authorization !== undefined && !context.dropAuthorization && !head.isAuthorizationNominated)
    headers.push(head.authorizationName, head.authorization);
  if (head.acceptEncoding !== undefined && !context.plainAnswer) headers.push(...head.acceptEncoding);
  if (head.cookies !== undefined) pushCookies(headers, head.cookies, context.cookiePrefix);
  if (head.overrides !== undefined && !context.anonymous) headers.push(...head.overrides);
  headers.push('X-Forwarded-For', callerAddress(context.remoteAddress), ...context.forwarded);
  if (context.subject !== undefined) headers.push(...plainHeaders(context.subject));
  if (context.token !== undefined) headers.push('X-Runlayer-Identity-Token', context.token);
  return headers;
}

function pushCookies(headers: string[], cookies: readonly string[], platformPrefix: string): void {
  for (let index = 0; index + 1 < cookies.length; index += 2) {
    const kept = withoutPlatformCookies(cookies[index + 1] as string, platformPrefix);
    if (kept !== undefined) headers.push(cookies[index] as string, kept);
  }
}

/** A socket that listens for both families shows IPv4 callers in a mapped form. */
function callerAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

const plainIdentity = new WeakMap<Subject | AnonymousSubject, readonly string[]>();

function plainHeaders(subject: Subject | AnonymousSubject): readonly string[] {
  let plain = plainIdentity.get(subject);
  if (plain === undefined) plainIdentity.set(subject, (plain = subjectHeaders(subject).flat()));
  return plain;
}
