// The identity in Express 4 and 5, connect and plain node:http chains.
import { nodeMiddleware } from '../adapter/node-middleware.ts';
import type { NodeMiddleware, NodeRequest } from '../adapter/node-middleware.ts';
import { refuseWith } from '../adapter/refusal.ts';
import type { RefusalOptions } from '../adapter/refusal.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';
import type { Verifier } from '../verify/verifier.ts';

declare global {
  // The name that @types/express leaves open for what middleware adds; without Express it stands alone.
  namespace Express {
    interface Request {
      /** Who calls, where `requireIdentity` of `@runlayer/identity-forward/express` ran. */
      identity?: VerifiedIdentity;
    }
  }
}

/**
 * Middleware that lets only requests with a valid identity token pass, and puts the identity on `request.identity`. It answers
 * others itself, with 401 (or the status asked for) or 503, and calls `next` with any error that is no refusal.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 * @example
 * app.use(requireIdentity(createVerifier({ issuer, serverId })));
 * app.get('/me', (request, response) => response.json(identityOf(request).organizationId));
 */
export function requireIdentity(
  verifier: Verifier,
  { status = 401 }: RefusalOptions = {},
): NodeMiddleware<NodeRequest & { identity?: VerifiedIdentity }> {
  return nodeMiddleware(verifier, refuseWith(status), (request, identity) => {
    request.identity = identity;
  });
}
