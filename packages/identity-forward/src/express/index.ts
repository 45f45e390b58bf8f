// The public surface of @runlayer/identity-forward/express, also for connect and plain node:http.
export type { NodeMiddleware, NodeRequest, NodeResponse } from '../adapter/node-middleware.ts';
export type { RefusalOptions } from '../adapter/refusal.ts';
export { identityOf } from '../adapter/request-identity.ts';
export type { IdentifiedRequest } from '../adapter/request-identity.ts';
export { requireIdentity } from './require-identity.ts';
