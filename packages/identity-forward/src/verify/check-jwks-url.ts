// Which addresses keys may come from: whoever can answer there can forge every token.
import { IdentityError } from '../identity-error.ts';

// Docker's name for the machine a container runs on: the local platform, reached without leaving the machine.
const ownMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)$/;

/**
 * The address of a key set, when nobody on the way could change the answer.
 *
 * @throws `ERR_IDENTITY_OPTIONS` for anything but https, or http on this machine.
 */
export function checkJwksUrl(address: string): string {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw wrong('The JWKS address is not a web address.');
  if (url.username !== '' || url.password !== '') throw wrong('The JWKS address holds a user name or password.');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && ownMachine.test(url.hostname))) return url.href;
  throw wrong('The JWKS address is not https; http is taken only from loopback or host.docker.internal. Give jwksUrl or jwks.');
}

function wrong(message: string): IdentityError {
  return new IdentityError('ERR_IDENTITY_OPTIONS', message);
}
