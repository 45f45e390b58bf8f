// How a call is refused: the headers that go with each of the platform's own errors.
import type { RunlayerError } from '@runlayer/errors';
import type { RequestTarget } from './request-target.ts';
import type { ProxySettings } from './settings.ts';
import { documentMethods } from './well-known.ts';

/** Headers of an own answer besides those that every one has. */
export function refusalHeaders(
  error: RunlayerError,
  target: RequestTarget | undefined,
  settings: Pick<ProxySettings, 'platform' | 'challenge'>,
): Record<string, string> {
  switch (error.status) {
    case 401:
      return { 'WWW-Authenticate': challenge(error, target, settings) };
    case 405:
      return { Allow: target?.document ? documentMethods : 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' };
    case 429:
    case 503:
      return { 'Retry-After': retryAfter(error) };
    case 400:
      // Whoever sent it may see its end elsewhere.
      return error.code === 'ERR_PROXY_REQUEST' ? { Connection: 'close' } : {};
    case 413:
    case 408:
      return { Connection: 'close' };
    default:
      return error.data?.['retryAfterSeconds'] === undefined ? {} : { 'Retry-After': retryAfter(error) };
  }
}

function retryAfter({ data }: RunlayerError): string {
  const seconds = data?.['retryAfterSeconds'];
  return String(typeof seconds === 'number' ? seconds : 5);
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3 */
function challenge(
  error: RunlayerError,
  target: RequestTarget | undefined,
  settings: Pick<ProxySettings, 'platform' | 'challenge'>,
): string {
  const parameters = error.data?.['credential'] === 'invalid' ? ['error="invalid_token"'] : [];
  const more = settings.challenge?.(`${settings.platform.origin}${target?.prefix ?? ''}${target?.path ?? ''}`);
  return `Bearer ${['realm="runlayer"', ...parameters, ...(more === undefined ? [] : [more])].join(', ')}`;
}
