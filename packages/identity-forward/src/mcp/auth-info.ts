// The identity as the official MCP SDK carries it to a tool: inside its `AuthInfo`.
import { unverified } from '../adapter/request-identity.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';

/** What both generations of the official SDK call `AuthInfo`, filled from an identity. */
export interface IdentityAuthInfo {
  /** The `jti`: unique per request and of no use to a thief. Never the token itself, which logs and calls onward would leak. */
  token: string;
  /** The claim `sub`: the user's id, else the agent's. No OAuth client is known. */
  clientId: string;
  /** Empty: an identity says who calls, not what they may do. */
  scopes: string[];
  /** Seconds since 1970. */
  expiresAt: number;
  /** Holds the identity, for {@link identityOf}. */
  extra: Record<string, unknown>;
}

// A symbol: the `extra` that other middleware fills from a token's own claims cannot hold one, so nothing there passes for verified.
// Registered, because two copies of this package may be installed.
const identityKey = Symbol.for('@runlayer/identity-forward');

/** The `AuthInfo` of a verified caller, for a transport that the adapters do not cover. */
export function authInfoOf(identity: VerifiedIdentity): IdentityAuthInfo {
  const { jti, sub, exp } = identity.claims;
  return { token: jti, clientId: sub, scopes: [], expiresAt: exp, extra: { [identityKey]: identity } };
}

/**
 * Who calls, in a tool: `identityOf(extra.authInfo)` with the SDK 1.x, `identityOf(ctx.http?.authInfo)` with 2.x.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when no adapter filled it: such a tool answers nobody.
 */
export function identityOf(authInfo: { readonly extra?: Record<string, unknown> | undefined } | undefined): VerifiedIdentity {
  const extra = authInfo?.extra as { readonly [identityKey]?: VerifiedIdentity } | undefined;
  return extra?.[identityKey] ?? unverified();
}
