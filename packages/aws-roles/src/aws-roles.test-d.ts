// Compiled by the typecheck only: the clients of the AWS SDK fit the calls of a diagnosis as they are.
import { IAM, IAMClient } from '@aws-sdk/client-iam';
import { STS, STSClient } from '@aws-sdk/client-sts';
import {
  type AwsCalls,
  type CustomerTrustPolicy,
  customerTrustPolicy,
  diagnoseRole,
  type Finding,
  type FindingCode,
  type Status,
} from './index.ts';

export const calls: AwsCalls = { sts: new STS({}), iam: new IAM({}) };
export const status: Promise<Status> = diagnoseRole({ roleArn: 'r', taskRoleArn: 't', deploymentId: 'd' }, calls).then(
  ({ status }) => status,
);
export const policy: CustomerTrustPolicy = customerTrustPolicy({ taskRoleArn: 't', deploymentId: 'd' });

// @ts-expect-error: the bare clients take commands, not calls
export const bare: AwsCalls = { sts: new STSClient({}), iam: new IAMClient({}) };
// @ts-expect-error: the External ID is not optional
customerTrustPolicy({ taskRoleArn: 't' });
// @ts-expect-error: codes are those of the table
export const code: FindingCode = 'principal-right';
// @ts-expect-error: findings are read, not changed
export const change = (finding: Finding): string => (finding.message = '');
// @ts-expect-error: a diagnosis stands inside the deployment or in the account
void diagnoseRole({ roleArn: 'r', taskRoleArn: 't', deploymentId: 'd', from: 'anywhere' }, calls);
