// Where an installation is, as far as a policy has to name it.
import { awsError } from '../../error-codes.ts';
import { platformNamesOf } from '../../platform-names.ts';
import { partitionOf } from '../../resources/arns.ts';

/** What a policy is written for. No call is made to find anything out. */
export interface PolicyPlace {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** VPC of the tasks. */
  readonly vpc: string;
  /** Name of the installation. Default `default`. */
  readonly environment?: string | undefined;
  /** Name of the cluster. Default `runlayer-<environment>`. */
  readonly cluster?: string | undefined;
  /** ARN of the policy that bounds the roles of deployments. Default: the one that the bootstrap makes. */
  readonly permissionsBoundary?: string | undefined;
  /** ARN of the role that clients push with. Default: the one that the bootstrap makes. */
  readonly pushRole?: string | undefined;
}

/** The place with every default filled in. */
export interface Place {
  readonly region: string;
  readonly account: string;
  readonly vpc: string;
  readonly environment: string;
  readonly cluster: string;
  readonly permissionsBoundary: string;
  readonly pushRole: string;
  /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
  readonly arn: (service: string, resource: string) => string;
  /** The same for IAM, which is in no region. */
  readonly iamArn: (resource: string) => string;
}

/** Fills in the defaults. @throws `ERR_AWS_OPTIONS` When the account is not twelve digits. */
export function placeOf(given: PolicyPlace): Place {
  const { region, account, vpc, environment = 'default' } = given;
  if (!/^\d{12}$/.test(account)) throw awsError('ERR_AWS_OPTIONS', `The account "${account}" is not twelve digits.`);
  const names = platformNamesOf(environment);
  const partition = partitionOf(region);
  const iamArn = (resource: string): string => `arn:${partition}:iam::${account}:${resource}`;
  return {
    region,
    account,
    vpc,
    environment,
    cluster: given.cluster ?? names.cluster,
    permissionsBoundary: given.permissionsBoundary ?? iamArn(`policy${names.path}${names.boundary}`),
    pushRole: given.pushRole ?? iamArn(`role${names.path}${names.pushRole}`),
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
    iamArn,
  };
}
