// The public surface of @runlayer/aws-provisioner/bootstrap: what all deployments of an installation share, and the rights that it takes.
export { applyBootstrap, planBootstrap } from './bootstrap.ts';
export type { BootstrapProgress } from './bootstrap.ts';
export { callerAccount } from './caller-account.ts';
export type { BootstrapOptions } from './bootstrap-options.ts';
export type { BootstrapAction, BootstrapOutputs, BootstrapPlan, BootstrapResource, BootstrapStep } from './bootstrap-plan.ts';
export { bootstrapPolicy } from './permissions/bootstrap-policy.ts';
export { serverPolicy } from './permissions/server-policy.ts';
export type { NamedPolicy } from './permissions/grants.ts';
export type { PolicyPlace } from './permissions/place.ts';
export type { PolicyDocument, PolicyStatement } from '../policies/policy-document.ts';
