// The public surface of @runlayer/aws-provisioner.
export { createAwsProvisioner } from './aws-provisioner.ts';
export { createAwsRegistry } from './aws-registry.ts';
export type { AwsRegistry, ResolveImageOptions } from './aws-registry.ts';
export type { ResolvedImage } from './image/registry-image.ts';
export type { PushCredentials } from './resources/image-repository.ts';
export type { AwsProvisionerOptions } from './options.ts';
export { findDeployments } from './refresh/find-deployments.ts';
export type { FindOptions, FoundDeployment } from './refresh/find-deployments.ts';
export { awsProvisionerErrors } from './error-codes.ts';
export { customerTrustPolicy } from './policies/customer-trust-policy.ts';
export { createPlatformCheck } from './platform-check.ts';
export { platformNamesOf } from './platform-names.ts';
export type { PlatformNames } from './platform-names.ts';
