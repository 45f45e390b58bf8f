// The public surface of @runlayer/identity-forward/mcp.
export type { NodeMiddleware, NodeRequest, NodeResponse } from '../adapter/node-middleware.ts';
export type { RefusalOptions } from '../adapter/refusal.ts';
export { authInfoOf, identityOf } from './auth-info.ts';
export type { IdentityAuthInfo } from './auth-info.ts';
export { requireIdentity, withIdentity } from './require-identity.ts';
export type { IdentifiedMcpHandler, McpHandler } from './require-identity.ts';
