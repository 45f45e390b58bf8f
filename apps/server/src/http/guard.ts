// Lets a request through to a route when its credential belongs to a role that the contract names.
import type { Access } from '@runlayer/api';
import type { Principal } from '@runlayer/control-plane';
import type { Context, MiddlewareHandler } from 'hono';
import { fail } from '../error-codes.ts';
import type { RequestEnvironment } from './environment.ts';

/** A route of the contract, as far as access goes. */
export interface GuardedRoute {
  readonly path: string;
  readonly summary?: string;
  readonly 'x-runlayer-roles': Access;
}

/** Who a credential belongs to; `undefined` when it is not known. */
export type Authenticate = (credential: string) => Promise<Principal | undefined>;

/** Answers 401 without a known credential, 403 for a role that the route does not allow. Runs before the body is read. */
export function guard(route: GuardedRoute, authenticate: Authenticate): MiddlewareHandler<RequestEnvironment> {
  const access = route['x-runlayer-roles'];
  return async (context, next) => {
    context.set('route', route.path);
    if (access !== 'public') {
      const principal = await principalOf(context, authenticate);
      if (!access.includes(principal.role)) {
        const needed = `${access.slice(0, -1).join(', ')}${access.length > 1 ? ' or ' : ''}${access.at(-1) ?? ''}`;
        throw fail('ERR_ROLE', `This needs the ${needed} role; the key that was sent has the ${principal.role} role.`);
      }
      context.set('principal', principal);
    }
    await next();
  };
}

async function principalOf(context: Context, authenticate: Authenticate): Promise<Principal> {
  const credential = credentialOf(context);
  if (credential === undefined) throw fail('ERR_UNAUTHENTICATED', 'No API key was sent.');
  const principal = await authenticate(credential);
  if (principal === undefined) throw fail('ERR_UNAUTHENTICATED', 'The API key is not known, or no longer valid.');
  return principal;
}

/** `x-runlayer-api-key`, else the token of `Authorization: Bearer`. Longer ones than any key are not looked up. */
function credentialOf(context: Context): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  const credential = context.req.header('x-runlayer-api-key') ?? bearer;
  return credential === undefined || credential === '' || credential.length > 1024 ? undefined : credential;
}
