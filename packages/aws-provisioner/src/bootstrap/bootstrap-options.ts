// What a bootstrap is told, and the context its reads and writes share.
import type { AwsContext } from '../calls/context.ts';
import { createContext } from '../calls/context.ts';
import { type AwsProvisionerOptions, settingsFrom } from '../options.ts';
import { type PlatformNames, platformNamesOf } from '../platform-names.ts';
import { partitionOf } from '../resources/arns.ts';
import { tagKey, manager, type Tags } from '../tags.ts';

/** Where the installation is to be. The rest means what it means for `createAwsProvisioner`. */
export interface BootstrapOptions extends Pick<
  AwsProvisionerOptions,
  | 'region'
  | 'account'
  | 'environment'
  | 'vpc'
  | 'subnets'
  | 'scaling'
  | 'endpoint'
  | 'credentials'
  | 'requestHandler'
  | 'maxAttempts'
  | 'retryDelayMs'
  | 'callTimeoutMs'
  | 'settleTimeoutMs'
  | 'pollMs'
> {
  /** Ends it at once, between two calls; the next run goes on from there. */
  readonly signal?: AbortSignal | undefined;
}

/** Tag that says which region an installation is in: IAM is in none, and its names would be taken for one's own in all of them. */
export const regionTag = 'runlayer:region';

/** What every part of a bootstrap works with. */
export interface BootstrapContext {
  readonly aws: AwsContext;
  readonly names: PlatformNames;
  /** On everything that can carry tags. They name no deployment: that is how they differ from those of a deployment. */
  readonly tags: Tags;
  /** Twelve digits. */
  readonly account: string;
  readonly partition: string;
}

/**
 * Makes the context; asks only whose the credentials are.
 * @throws `ERR_AWS_OPTIONS`, `ERR_AWS_ACCOUNT`
 */
export async function bootstrapContext({ signal, ...options }: BootstrapOptions): Promise<BootstrapContext> {
  const names = platformNamesOf(options.environment ?? 'default');
  const aws = createContext(settingsFrom({ ...options, cluster: names.cluster, proxySecurityGroup: '' }), signal);
  const tags = { [tagKey.managedBy]: manager, [tagKey.environment]: aws.options.environment, [regionTag]: aws.region };
  return { aws, names, tags, account: await unlessAborted(aws.account(), aws.signal), partition: partitionOf(aws.region) };
}

/** `arn:<partition>:iam::<account>:<kind><path><name>` of what the bootstrap makes in IAM. */
export function iamArn({ partition, account, names }: BootstrapContext, kind: 'role' | 'policy', name: string): string {
  return `arn:${partition}:iam::${account}:${kind}${names.path}${name}`;
}

/** The search for credentials takes no signal, and may look for a machine's role in vain for a while. */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
