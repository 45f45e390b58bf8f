// The public surface of @runlayer/aws-roles.
export { customerTrustPolicy } from './customer-trust-policy.ts';
export type { CustomerTrust, CustomerTrustPolicy } from './customer-trust-policy.ts';
export { checkTrustPolicy } from './check-trust-policy.ts';
export type { CheckedTrust } from './check-trust-policy.ts';
export { checkRoleArn } from './role-arn/check-role-arn.ts';
export type { CheckedArn } from './role-arn/check-role-arn.ts';
export { parseRoleArn } from './role-arn/role-arn.ts';
export type { RoleArn } from './role-arn/role-arn.ts';
export { findingCodes } from './finding.ts';
export type { Finding, FindingCode, Severity, Status } from './finding.ts';
export { diagnoseRole } from './diagnosis/diagnose-role.ts';
export type { RoleDiagnosis, RoleQuestion } from './diagnosis/diagnose-role.ts';
export type { AssumeRoleInput, AwsCalls, CallOptions, IamCalls, RoleDescription, StsCalls } from './diagnosis/ports.ts';
