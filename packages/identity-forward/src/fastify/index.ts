// The public surface of @runlayer/identity-forward/fastify.
export type { RefusalOptions } from '../adapter/refusal.ts';
export { identityOf } from '../adapter/request-identity.ts';
export type { IdentifiedRequest } from '../adapter/request-identity.ts';
export { requireIdentity } from './require-identity.ts';
export type { FastifyIdentityPlugin, FastifyLike, FastifyReplyLike } from './require-identity.ts';
