// The settings of the AWS target: where deployments run in the platform's own account. Credentials are none of them.
import { integer, list, oneOf, onOff, setting, webOrigin } from './setting.ts';

/** The settings of AWS, in the order of the documentation. */
export const awsTable = {
  awsRegion: setting({
    env: 'RUNLAYER_AWS_REGION',
    key: 'aws_region',
    about: 'Region of everything that deployments consist of.',
    fallback: '`AWS_REGION`',
    read: matching(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'must be the name of a region, such as eu-central-1'),
  }),
  awsAccount: setting({
    env: 'RUNLAYER_AWS_ACCOUNT',
    key: 'aws_account',
    about: 'Account that the credentials must be of; checked before the first change.',
    fallback: 'the account of the credentials',
    read: matching(/^\d{12}$/, 'must be twelve digits'),
  }),
  awsEnvironment: setting({
    env: 'RUNLAYER_AWS_ENVIRONMENT',
    key: 'aws_environment',
    about:
      'Name of this installation, part of the name of everything it makes. Two in one account need different ones. It cannot be changed later.',
    fallback: '`default`',
    read: matching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/, 'must be 1 to 12 of a-z, 0-9 and -'),
  }),
  awsCluster: setting({
    env: 'RUNLAYER_AWS_CLUSTER',
    key: 'aws_cluster',
    about: 'ECS cluster of the tasks.',
    fallback: '`runlayer-<environment>`',
    read: matching(/^[\w-]{1,255}$/, 'must be the name of a cluster, not its ARN'),
  }),
  awsVpc: setting({
    env: 'RUNLAYER_AWS_VPC',
    key: 'aws_vpc',
    about: 'VPC of the tasks. This server must have a way into it: it calls tasks at their private addresses.',
    fallback: 'none: must be set',
    read: matching(/^vpc-[0-9a-f]+$/, 'must be the id of a VPC, such as vpc-0a1b2c3d'),
  }),
  awsSubnets: setting({
    env: 'RUNLAYER_AWS_SUBNETS',
    key: 'aws_subnets',
    about: 'Subnets of the tasks, separated by commas: private ones with a way to ECR, Secrets Manager and CloudWatch Logs.',
    fallback: 'none: must be set',
    read: listOf(/^subnet-[0-9a-f]+$/, 'must be ids of subnets, such as subnet-0a1b2c3d,subnet-1a2b3c4d'),
  }),
  awsProxySecurityGroup: setting({
    env: 'RUNLAYER_AWS_PROXY_SECURITY_GROUP',
    key: 'aws_proxy_security_group',
    about: 'Security group of this server: the only one that may call a task.',
    fallback: 'none: must be set',
    read: matching(/^sg-[0-9a-f]+$/, 'must be the id of a security group, such as sg-0a1b2c3d'),
  }),
  awsPermissionsBoundary: setting({
    env: 'RUNLAYER_AWS_PERMISSIONS_BOUNDARY',
    key: 'aws_permissions_boundary',
    about: 'ARN of the policy that bounds every role made for a deployment.',
    fallback: 'none',
    read: matching(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640}$/, 'must be the ARN of an IAM policy'),
  }),
  awsPushRole: setting({
    env: 'RUNLAYER_AWS_PUSH_ROLE',
    key: 'aws_push_role',
    about:
      'ARN of the role whose credentials for ECR clients get. It should be allowed to push and pull images and nothing else: everyone who may deploy can read them.',
    fallback: "none: this server's own credentials for ECR",
    read: matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,640}$/, 'must be the ARN of an IAM role'),
  }),
  awsLogRetentionDays: setting({
    env: 'RUNLAYER_AWS_LOG_RETENTION_DAYS',
    key: 'aws_log_retention_days',
    about: 'Days that CloudWatch keeps what containers write.',
    fallback: '`30`',
    read: retentionDays,
  }),
  awsKeepLogs: setting({
    env: 'RUNLAYER_AWS_KEEP_LOGS',
    key: 'aws_keep_logs',
    about: 'Whether the log of a destroyed deployment stays until its lines expire, `on` or `off`.',
    fallback: '`on`',
    read: onOff,
  }),
  awsScaling: setting({
    env: 'RUNLAYER_AWS_SCALING',
    key: 'aws_scaling',
    about:
      'Whether Application Auto Scaling is used for `infrastructure.scaling`, `on` or `off`. Where it is off, files that ask for more than one copy are refused.',
    fallback: '`on`',
    read: onOff,
  }),
  awsHealthTimeoutMs: setting({
    env: 'RUNLAYER_AWS_HEALTH_TIMEOUT_MS',
    key: 'aws_health_timeout_ms',
    about: 'Milliseconds that a container which runs has to answer on its port. After that its release fails.',
    fallback: '`180000`',
    read: integer(1000, 900_000),
  }),
  awsRolloutTimeoutMs: setting({
    env: 'RUNLAYER_AWS_ROLLOUT_TIMEOUT_MS',
    key: 'aws_rollout_timeout_ms',
    about: 'Milliseconds that ECS has to bring up all tasks of a release.',
    fallback: '`900000`',
    read: integer(10_000, 3_600_000),
  }),
  awsPollMs: setting({
    env: 'RUNLAYER_AWS_POLL_MS',
    key: 'aws_poll_ms',
    about: 'Milliseconds between two looks at something that changes. Less finds changes sooner, and meets the rate limits of AWS sooner.',
    fallback: '`2000`',
    read: integer(50, 60_000),
  }),
  awsEndpoint: setting({
    env: 'RUNLAYER_AWS_ENDPOINT',
    key: 'aws_endpoint',
    about: 'Address of an emulator that stands in for AWS.',
    fallback: 'AWS itself',
    read: webOrigin,
  }),
  awsRegistryHost: setting({
    env: 'RUNLAYER_AWS_REGISTRY_HOST',
    key: 'aws_registry_host',
    about: "Host, with its port, under which clients and tasks reach the account's registry: for emulators and mirrors.",
    fallback: 'the host of ECR',
    read: matching(/^[a-z0-9.-]+(:\d{1,5})?$/i, 'must be host[:port] without a scheme'),
  }),
  awsContainerEnv: setting({
    env: 'RUNLAYER_AWS_CONTAINER_ENV',
    key: 'aws_container_env',
    about: 'Variables that every container gets on AWS, as `NAME=value` separated by commas. They are not secret. For emulators.',
    fallback: 'none',
    read: variables,
  }),
} as const;

/** Where deployments run. */
export const readTarget = oneOf('docker', 'aws');

function matching(pattern: RegExp, demand: string): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new Error(demand);
    return value;
  };
}

function listOf(pattern: RegExp, demand: string): (value: string) => readonly string[] {
  return (value) => {
    const words = list(value);
    if (words.length === 0 || !words.every((word) => pattern.test(word))) throw new Error(demand);
    return words;
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

function retentionDays(value: string): number {
  if (!/^\d+$/.test(value) || !retentions.includes(Number(value))) throw new Error(`must be one of ${retentions.join(', ')}`);
  return Number(value);
}

function variables(value: string): Readonly<Record<string, string>> {
  const pairs = list(value).map((word) => /^([A-Za-z_]\w*)=(.*)$/s.exec(word));
  return Object.fromEntries(
    pairs.map((pair) => {
      if (pair === null) throw new Error('must be NAME=value, separated by commas');
      return [pair[1] ?? '', pair[2] ?? ''];
    }),
  );
}
