// The public surface of @runlayer/aws-provisioner.
export { createAwsProvisioner } from './aws-provisioner.ts';
export { createAwsRegistry } from './aws-registry.ts';
export type { AwsRegistry } from './aws-registry.ts';
export type { PushCredentials } from './resources/image-repository.ts';
export type { AwsProvisionerOptions } from './options.ts';
export { awsProvisionerErrors } from './error-codes.ts';
export { customerTrustPolicy } from './policies/customer-trust-policy.ts';
