// The options of the AWS provisioner, from the settings of the server: the same for the target and for the `aws` commands.
import { type AwsProvisionerOptions, platformNamesOf } from '@runlayer/aws-provisioner';
import { fail } from '../error-codes.ts';
import { incompleteTarget } from '../settings/incomplete-target.ts';
import type { Settings } from '../settings/read-settings.ts';

/** What of the settings the target is made of. */
export type AwsSettings = Pick<Settings, Extract<keyof Settings, `aws${string}`>>;

/**
 * The options that the settings describe. Nothing is asked of AWS.
 * @throws ERR_SETTINGS naming every setting that is missing.
 */
export function awsOptions(settings: AwsSettings): AwsProvisionerOptions {
  const { awsRegion, awsVpc, awsSubnets, awsProxySecurityGroup } = settings;
  if (awsRegion === undefined || awsVpc === undefined || awsSubnets === undefined || awsProxySecurityGroup === undefined) {
    throw incomplete(settings);
  }
  return {
    region: awsRegion,
    account: settings.awsAccount,
    environment: settings.awsEnvironment,
    cluster: settings.awsCluster ?? platformNamesOf(settings.awsEnvironment ?? 'default').cluster,
    vpc: awsVpc,
    subnets: awsSubnets,
    proxySecurityGroup: awsProxySecurityGroup,
    permissionsBoundary: settings.awsPermissionsBoundary,
    pushRole: settings.awsPushRole,
    logRetentionDays: settings.awsLogRetentionDays,
    keepLogs: settings.awsKeepLogs,
    scaling: settings.awsScaling,
    healthTimeoutMs: settings.awsHealthTimeoutMs,
    rolloutTimeoutMs: settings.awsRolloutTimeoutMs,
    pollMs: settings.awsPollMs,
    endpoint: settings.awsEndpoint,
    registryHost: settings.awsRegistryHost,
    containerEnvironment: settings.awsContainerEnv,
  };
}

function incomplete(settings: AwsSettings): Error {
  const issues = incompleteTarget({ ...settings, target: 'aws' }, new Set());
  return fail('ERR_SETTINGS', issues.map(({ path, message }) => `${path} ${message}`).join(' '), { issues });
}
