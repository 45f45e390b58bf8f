// The surface of @runlayer/api/client. Loads neither zod nor hono: it is part of a command's start-up.
export { createClient } from './create-client.ts';
export type { ClientOptions, RunlayerClient } from './create-client.ts';
export { apiErrors } from '../error-codes.ts';
export type { CallOptions, PageOptions, Schemas } from './calls.ts';
export type { DeploymentVerbs } from './deployments.ts';
export type { AccountVerbs, ListVerbs, OrganizationVerbs, ServerVerbs } from './organization.ts';
export type { SigningKeyVerbs } from './signing-keys.ts';
export type { UnreachableReason } from './unreachable.ts';
