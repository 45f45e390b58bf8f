// Asks for the identity token of one attempt, where the route wants one.
import { isRunlayerError } from '@runlayer/errors';
import type { Subject } from '@runlayer/identity-forward';
import type { Sign } from './caller.ts';
import { fail } from './error-codes.ts';
import type { ProxyRoute } from './route.ts';

/** `undefined` where the route wants none or the call is anonymous. @throws `ERR_PROXY_SIGN`, or what the signer says of itself with 503 */
export function signToken(
  sign: Sign | undefined,
  { forward, serverId }: ProxyRoute,
  subject: Subject | undefined,
): string | undefined | Promise<string> {
  if (!forward.token || subject === undefined) return undefined;
  if (sign === undefined) throw fail('ERR_PROXY_SIGN', 'The route wants an identity token and the proxy was given no signer.');
  try {
    const token = sign(subject, serverId);
    return token instanceof Promise ? token.catch(unsigned) : token;
  } catch (error) {
    return unsigned(error);
  }
}

function unsigned(error: unknown): never {
  // A signer that cannot be sure of its key says when to come again; the caller should read that.
  if (isRunlayerError(error) && error.status === 503) throw error;
  throw fail('ERR_PROXY_SIGN', 'The identity token could not be signed.', { cause: isRunlayerError(error) ? error : undefined });
}
