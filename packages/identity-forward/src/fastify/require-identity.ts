// The identity in Fastify 5.
import type { NodeRequest } from '../adapter/node-middleware.ts';
import { refuseWith } from '../adapter/refusal.ts';
import type { RefusalOptions, Refuse } from '../adapter/refusal.ts';
import type { VerifiedIdentity } from '../verify/identity.ts';
import type { Verifier } from '../verify/verifier.ts';

type Request = NodeRequest & { identity?: VerifiedIdentity | null };

/** What is used of Fastify's reply. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
}

/** What is used of a Fastify instance. */
export interface FastifyLike {
  hasRequestDecorator(name: string): boolean;
  decorateRequest(name: 'identity', value: null): unknown;
  addHook(name: 'onRequest', hook: (request: Request, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

/** A plugin for `register`. */
export type FastifyIdentityPlugin = (instance: FastifyLike, options: unknown, done: () => void) => void;

/**
 * A plugin that lets only requests with a valid identity token pass, before their body is read, and decorates the request with
 * `identity`. It covers the instance that registers it and everything below it, not its siblings. It answers others itself, with
 * 401 (or the status asked for) or 503; any error that is no refusal goes to the error handler.
 *
 * @throws `ERR_IDENTITY_OPTIONS` when the status is neither 401 nor 403.
 * @example
 * app.register(requireIdentity(createVerifier({ issuer, serverId })));
 * app.get('/me', (request) => identityOf(request).organizationId);
 */
export function requireIdentity(verifier: Verifier, { status = 401 }: RefusalOptions = {}): FastifyIdentityPlugin {
  const refuse = refuseWith(status);
  const plugin: FastifyIdentityPlugin = (instance, _options, done) => {
    if (!instance.hasRequestDecorator('identity')) instance.decorateRequest('identity', null);
    instance.addHook('onRequest', (request, reply) => check(verifier, refuse, request, reply));
    done();
  };
  // What fastify-plugin does: without it the hook would cover the plugin's own, empty scope only.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@runlayer/identity-forward',
    [Symbol.for('plugin-meta')]: { name: '@runlayer/identity-forward', fastify: '5.x' },
  });
}

async function check(verifier: Verifier, refuse: Refuse, request: Request, reply: FastifyReplyLike): Promise<unknown> {
  try {
    request.identity = await verifier.verifyRequest(request.headers);
    return undefined;
  } catch (error) {
    const { status, headers, body } = refuse(error);
    reply.code(status);
    reply.headers({ ...headers });
    reply.send(body);
    // A hook that gives the reply back ends the request here.
    return reply;
  }
}
