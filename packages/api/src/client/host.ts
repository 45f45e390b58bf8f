// Checks what a person typed as host and key before any request carries it.
import { apiError } from '../error-codes.ts';

/**
 * The base address without trailing slashes; a path prefix is kept.
 * @throws ERR_HOST_INVALID without an http or https scheme, or with a query, fragment or credentials.
 */
export function baseUrl(host: string): string {
  const url = URL.parse(host.trim());
  if (url === null || !/^https?:$/.test(url.protocol))
    throw apiError('ERR_HOST_INVALID', `${JSON.stringify(host)} is not an http or https address.`);
  if (url.username !== '' || url.password !== '') throw apiError('ERR_HOST_INVALID', 'The host holds a user name or password.');
  if (url.search !== '' || url.hash !== '') throw apiError('ERR_HOST_INVALID', 'The host holds a query or fragment.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/**
 * The key as it may stand in a header.
 * @throws ERR_API_KEY_MALFORMED without naming the key: fetch's own error would quote it.
 */
export function headerKey(apiKey: string): string {
  if (!/^[\x21-\x7e]{1,1024}$/.test(apiKey))
    throw apiError('ERR_API_KEY_MALFORMED', 'The API key holds characters that no key has, or is empty.');
  return apiKey;
}
