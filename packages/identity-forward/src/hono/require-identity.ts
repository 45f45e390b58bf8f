// The identity in Hono.
import { refuseWith } from '../adapter/refusal.ts';
import type { RefusalOptions } from '../adapter/refusal.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';
import type { Verifier } from '../verify/verifier.ts';

/** For `new Hono<{ Variables: IdentityVariables }>()`: types `c.get('identity')` and `c.var.identity`. */
export interface IdentityVariables {
  /** Who calls. */
  identity: VerifiedIdentity;
}

/** What is used of Hono's context. */
export interface HonoContext {
  readonly req: { readonly raw: { readonly headers: Pick<Headers, 'get'> } };
  readonly set: (name: 'identity', identity: VerifiedIdentity) => void;
}

/**
 * Middleware that lets only requests with a valid identity token pass, and sets the variable `identity`. It answers others itself,
 * with 401 (or the status asked for) or 503; any error that is no refusal goes to `app.onError`.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 * @example
 * const app = new Hono<{ Variables: IdentityVariables }>();
 * app.use(requireIdentity(createVerifier({ issuer, serverId })));
 * app.get('/me', (c) => c.json(c.get('identity').organizationId));
 */
export function requireIdentity(
  verifier: Verifier,
  { status = 401 }: RefusalOptions = {},
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  const refuse = refuseWith(status);
  return async (context, next) => {
    let identity: VerifiedIdentity;
    try {
      identity = await verifier.verifyRequest(context.req.raw.headers);
    } catch (error) {
      const { body, ...init } = refuse(error);
      return new Response(body, init);
    }
    context.set('identity', identity);
    await next();
    return undefined;
  };
}
