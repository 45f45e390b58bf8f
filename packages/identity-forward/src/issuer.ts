// The platform's address as both ends must spell it.
import { IdentityError } from './identity-error.ts';
import { isVisibleAscii } from './visible-ascii.ts';

/**
 * The issuer as given, when it is a web address that can be compared byte by byte.
 *
 * @throws `ERR_IDENTITY_OPTIONS` otherwise.
 */
export function checkIssuer(issuer: string): string {
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong('The issuer is not a web address.');
  if (issuer.endsWith('/')) throw wrong('The issuer ends with a slash; the platform signs without one.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || /[?#\s]/.test(issuer)) {
    throw wrong('The issuer holds more than a scheme, a host and a path.');
  }
  return issuer;
}

/**
 * The server id as given, when it can stand in an audience.
 *
 * @throws `ERR_IDENTITY_OPTIONS` otherwise.
 */
export function checkServerId(serverId: string): string {
  if (typeof serverId !== 'string' || serverId.length > 128 || !isVisibleAscii(serverId)) {
    throw wrong('The server id is empty, or holds spaces or characters outside ASCII.');
  }
  return serverId;
}

function wrong(message: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_OPTIONS', message);
}
