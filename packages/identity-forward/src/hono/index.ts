// The public surface of @runlayer/identity-forward/hono.
export type { RefusalOptions } from '../adapter/refusal.ts';
export { requireIdentity } from './require-identity.ts';
export type { HonoContext, IdentityVariables } from './require-identity.ts';
