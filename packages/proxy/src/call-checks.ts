// What no call may be, whoever makes it, and what of an answer cannot be written again.
import type { Admission } from './admission.ts';
import type { ConcurrencyBound } from './concurrency.ts';
import { fail } from './error-codes.ts';
import { responseHeaderKind } from './header-kind.ts';
import type { HostGuard } from './host-guard.ts';
import type { RequestHead } from './request-head.ts';

/** @throws `ERR_PROXY_HOST`, `ERR_PROXY_METHOD`, `ERR_PROXY_UPGRADE` */
export function checkForm(method: string | undefined, head: RequestHead, guard: HostGuard): void {
  guard.checkHost(head.host);
  if (method === 'TRACE' || method === 'CONNECT') throw fail('ERR_PROXY_METHOD', `${method} is not passed on.`);
  // `Upgrade: h2c` is an offer that may be ignored (RFC 9110, section 7.8), and Java's client makes it on every first call.
  if (head.upgrade?.toLowerCase().includes('websocket') === true)
    throw fail('ERR_PROXY_UPGRADE', 'WebSocket connections are not passed on.');
}

/** @throws `ERR_PROXY_UNAVAILABLE`. An anonymous caller is not told why. */
export function checkServing({ prepared, subject }: Pick<Admission, 'prepared' | 'subject'>): void {
  const { unavailable, id } = prepared.route;
  if (unavailable === undefined && prepared.places.length > 0) return;
  const reason = subject === undefined || unavailable === undefined ? `Deployment ${id} has no running instance.` : unavailable.reason;
  throw fail('ERR_PROXY_UNAVAILABLE', reason, { data: { retryAfterSeconds: unavailable?.retryAfterSeconds ?? 5 } });
}

/** The error of a call for which a bound has no room. */
export function tooManyCalls(bound: ConcurrencyBound): Error {
  return bound === 'caller'
    ? fail('ERR_PROXY_BUSY', 'This caller has too many calls running at this server.', { data: { retryAfterSeconds: 1 } })
    : fail('ERR_PROXY_UNAVAILABLE', 'The platform has too many calls running.', { data: { retryAfterSeconds: 1 } });
}

/** Whether Node will write this text behind a status. */
export function isReasonPhrase(message: string): boolean {
  for (let index = 0; index < message.length; index += 1) {
    const code = message.charCodeAt(index);
    if (code > 126 || (code < 32 && code !== 9)) return false;
  }
  return message !== '';
}

/** Trailers that do not speak of the connection or of the whole origin. */
export function safeTrailers(trailers: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < trailers.length; index += 2) {
    const name = trailers[index] as string;
    if (responseHeaderKind(name) === 'pass') pairs.push([name, trailers[index + 1] as string]);
  }
  return pairs;
}
