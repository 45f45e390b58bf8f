// Reads the identity back off a request, where a handler needs it.
import { IdentityError } from '../identity-error.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';

/** A request that an adapter has seen, or not. */
export interface IdentifiedRequest {
  readonly headers: unknown;
  readonly identity?: VerifiedIdentity | null | undefined;
}

/**
 * Who makes this request, as the middleware verified it.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when it never ran for this request: a handler without it lets nobody in.
 */
export function identityOf(request: IdentifiedRequest): VerifiedIdentity {
  return request.identity ?? unverified();
}

/** @throws `ERR_IDENTITY_OPTIONS` */
export function unverified(): never {
  throw new IdentityError('ERR_IDENTITY_OPTIONS', 'The request was not verified: put the identity middleware before its handler.');
}
