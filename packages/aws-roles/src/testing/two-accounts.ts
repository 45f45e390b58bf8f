// A deployment in one account and a customer in another, where IAM decides.
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { type IamEmulator, startIamEmulator } from '@runlayer/local-platform';
import type { AwsCalls } from '../diagnosis/ports.ts';
import { deploymentId, taskRoleArn } from './any-policy.ts';

/** The account of the customer. */
export const customerAccount = '222233334444';

/** What the tests of one file share. */
export interface TwoAccounts {
  /** With the credentials of the task role. */
  readonly inside: AwsCalls;
  /** With credentials of the customer. */
  readonly customer: { readonly sts: STS; readonly iam: IAM };
  /** Makes a role of the customer, whose name ends so; gives its ARN. */
  makeRole(name: string, trustPolicy: object): Promise<string>;
  close(): Promise<void>;
}

/** Starts the emulator, and makes the task role as the platform does; it may assume every role of the customer whose name begins with `r`. */
export async function openTwoAccounts(): Promise<TwoAccounts> {
  const emulator = await startIamEmulator();
  const platform = rootOf(emulator, '111122223333');
  const customer = rootOf(emulator, customerAccount);
  const [RoleName, Path] = ['task-1', '/runlayer/'];
  const trusted = (AWS: string): string => JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' } });
  await platform.iam.createRole({ RoleName, Path, AssumeRolePolicyDocument: trusted('111122223333') });
  const allowed = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${customerAccount}:role/r*` };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] });
  await platform.iam.putRolePolicy({ RoleName, PolicyName: 'assume-roles', PolicyDocument });
  const { Credentials: made } = await platform.sts.assumeRole({ RoleArn: taskRoleArn, RoleSessionName: deploymentId });
  const credentials = {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  };
  return {
    inside: clientsWith(emulator, credentials),
    customer,
    async makeRole(name, trustPolicy) {
      const { Role } = await customer.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trustPolicy) });
      return Role?.Arn ?? '';
    },
    close: () => emulator.stop(),
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function rootOf(emulator: IamEmulator, account: string): { sts: STS; iam: IAM } {
  return clientsWith(emulator, { accessKeyId: account, secretAccessKey: 'test' });
}

function clientsWith({ endpoint }: IamEmulator, credentials: Credentials): { sts: STS; iam: IAM } {
  const config = { endpoint, credentials, region: 'us-east-1' };
  return { sts: new STS(config), iam: new IAM(config) };
}
