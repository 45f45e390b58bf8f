// What can be set on the AWS provisioner, and the values used when it is not.
import type { ECSClientConfig } from '@aws-sdk/client-ecs';
import { awsError } from './error-codes.ts';

/** Settings of {@link createAwsProvisioner}: where deployments run, and what the platform's own account has prepared for them. */
export interface AwsProvisionerOptions {
  /** Region of everything, such as `eu-central-1`. */
  readonly region: string;
  /** Account that everything must be in, twelve digits. Checked before the first change. Default: the account of the credentials. */
  readonly account?: string | undefined;
  /** ECS cluster, by name. It must exist. */
  readonly cluster: string;
  /** VPC of the tasks. */
  readonly vpc: string;
  /** Subnets of the tasks; private ones with a way to ECR, Secrets Manager and CloudWatch Logs. */
  readonly subnets: readonly string[];
  /** Security group of the platform's proxy: the only one that may call a task. */
  readonly proxySecurityGroup: string;
  /** Name of this installation of the platform, `[a-z0-9-]`, at most 12 characters; two in one account need different ones. Default `default`. */
  readonly environment?: string | undefined;
  /** ARN of a policy that bounds every role made for a deployment. Default: none. */
  readonly permissionsBoundary?: string | undefined;
  /** How long CloudWatch keeps the log of a deployment, days; one of the numbers CloudWatch takes. Default 30. */
  readonly logRetentionDays?: number | undefined;
  /** Where AWS is, for emulators. Default: AWS itself. */
  readonly endpoint?: string | undefined;
  /** Credentials. Default: what the SDK finds (environment, profile, role of the task or machine). */
  readonly credentials?: ECSClientConfig['credentials'];
  /** Host under which images are pushed and pulled, for emulators and mirrors. Default: the registry of the account. */
  readonly registryHost?: string | undefined;
  /** ARN of the role whose credentials images are pushed with; the platform must be allowed to assume it. Default: the platform's own credentials. */
  readonly pushRole?: string | undefined;
  /** Whether images may come from registries at private and loopback addresses. Never from metadata services of clouds. Default false. */
  readonly allowPrivateRegistries?: boolean | undefined;
  /** Plain variables that every container gets on this target. Those of a spec win over them. Default: none. */
  readonly containerEnvironment?: Readonly<Record<string, string>> | undefined;
  /** How the SDK sends requests: for proxies and tests. Default: the SDK's own. */
  readonly requestHandler?: ECSClientConfig['requestHandler'];
  /**
   * How a task is known to serve. `http`: this process calls its private address, so it must have a way into the VPC.
   * `none`: a task that runs counts as serving. Default `http`.
   */
  readonly probe?: 'http' | 'none' | undefined;
  /** How long a rollout may take, milliseconds. Default 900,000. */
  readonly rolloutTimeoutMs?: number | undefined;
  /** How long a task that runs may take to answer on its port, milliseconds. Default 180,000. */
  readonly healthTimeoutMs?: number | undefined;
  /** How long a missing MCP path must be seen before the start is given up, milliseconds. Default 10,000. */
  readonly graceMs?: number | undefined;
  /** How long AWS may take to show what was just made, or to let go of what is in use, milliseconds. Default 600,000. */
  readonly settleTimeoutMs?: number | undefined;
  /** How long to wait between two looks at something that changes, milliseconds. Default 2,000. */
  readonly pollMs?: number | undefined;
  /** Seconds between SIGTERM and SIGKILL for a task that is taken down, 2–120. Default 30. */
  readonly stopSeconds?: number | undefined;
  /** Whether services may be scaled by Application Auto Scaling; without it `minReplicas` tasks run. Default true. */
  readonly scaling?: boolean | undefined;
  /** Whether `destroy` leaves the log group, until CloudWatch has let its lines expire. Default true. */
  readonly keepLogs?: boolean | undefined;
  /** How often a call is tried when AWS throttles or is briefly away. Default 8. */
  readonly maxAttempts?: number | undefined;
  /** Longest wait before the first repeat of a throttled call, milliseconds; it doubles with each repeat, up to 20 seconds. Default 1,000. */
  readonly retryDelayMs?: number | undefined;
  /** How long AWS may take to answer one try of a call, milliseconds; then it is tried again. Default 60,000. */
  readonly callTimeoutMs?: number | undefined;
  /** Time of observations. Default: the system's clock. */
  readonly clock?: (() => Date) | undefined;
}

/** The options with every default filled in. */
export interface Settings {
  readonly region: string;
  readonly account: string | undefined;
  readonly cluster: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly proxySecurityGroup: string;
  readonly environment: string;
  readonly permissionsBoundary: string | undefined;
  readonly logRetentionDays: number;
  readonly endpoint: string | undefined;
  readonly credentials: ECSClientConfig['credentials'];
  readonly registryHost: string | undefined;
  readonly pushRole: string | undefined;
  readonly allowPrivateRegistries: boolean;
  readonly containerEnvironment: Readonly<Record<string, string>>;
  readonly requestHandler: ECSClientConfig['requestHandler'];
  readonly probe: 'http' | 'none';
  readonly rolloutTimeoutMs: number;
  readonly healthTimeoutMs: number;
  readonly graceMs: number;
  readonly settleTimeoutMs: number;
  readonly pollMs: number;
  readonly stopSeconds: number;
  readonly scaling: boolean;
  readonly keepLogs: boolean;
  readonly maxAttempts: number;
  readonly retryDelayMs: number;
  readonly callTimeoutMs: number;
  readonly clock: () => Date;
}

/**
 * Fills in the defaults.
 *
 * @throws `ERR_AWS_OPTIONS` When a value cannot be right, whatever the account holds.
 */
export function settingsFrom(options: AwsProvisionerOptions): Settings {
  const settings: Settings = {
    region: options.region,
    account: options.account,
    cluster: options.cluster,
    vpc: options.vpc,
    subnets: options.subnets,
    proxySecurityGroup: options.proxySecurityGroup,
    environment: options.environment ?? 'default',
    permissionsBoundary: options.permissionsBoundary,
    logRetentionDays: options.logRetentionDays ?? 30,
    endpoint: options.endpoint,
    credentials: options.credentials,
    registryHost: options.registryHost,
    pushRole: options.pushRole,
    allowPrivateRegistries: options.allowPrivateRegistries ?? false,
    containerEnvironment: options.containerEnvironment ?? {},
    requestHandler: options.requestHandler,
    probe: options.probe ?? 'http',
    rolloutTimeoutMs: options.rolloutTimeoutMs ?? 900_000,
    healthTimeoutMs: options.healthTimeoutMs ?? 180_000,
    graceMs: options.graceMs ?? 10_000,
    settleTimeoutMs: options.settleTimeoutMs ?? 600_000,
    pollMs: options.pollMs ?? 2000,
    stopSeconds: options.stopSeconds ?? 30,
    scaling: options.scaling ?? true,
    keepLogs: options.keepLogs ?? true,
    maxAttempts: options.maxAttempts ?? 8,
    retryDelayMs: options.retryDelayMs ?? 1000,
    callTimeoutMs: options.callTimeoutMs ?? 60_000,
    clock: options.clock ?? (() => new Date()),
  };
  for (const [isRight, message] of demands(settings)) if (!isRight) throw awsError('ERR_AWS_OPTIONS', message);
  return settings;
}

function demands(settings: Settings): [boolean, string][] {
  return [
    [
      /^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/.test(settings.environment),
      `The environment "${settings.environment}" is not 1 to 12 of a-z, 0-9 and -.`,
    ],
    [settings.account === undefined || /^\d{12}$/.test(settings.account), `The account "${settings.account}" is not twelve digits.`],
    [
      settings.pushRole === undefined || /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(settings.pushRole),
      `pushRole is "${settings.pushRole}", which is no ARN of a role.`,
    ],
    [settings.subnets.length > 0, 'No subnet is given for the tasks.'],
    [
      settings.stopSeconds >= 2 && settings.stopSeconds <= 120,
      `stopSeconds is ${settings.stopSeconds}, not 2 to 120, which is what Fargate takes.`,
    ],
  ];
}
