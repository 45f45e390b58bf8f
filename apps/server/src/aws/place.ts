// Where the commands work: options first, then the settings as the server has them.
import type { BootstrapOptions, BootstrapPlan, PolicyPlace } from '@runlayer/aws-provisioner/bootstrap';
import { fail } from '../error-codes.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { GivenPlace } from './parse-aws.ts';
import type { SettingLines } from './tell.ts';

/** What the commands read of the settings. */
export type AwsPlace = Pick<
  Settings,
  | 'awsRegion'
  | 'awsAccount'
  | 'awsEnvironment'
  | 'awsCluster'
  | 'awsVpc'
  | 'awsSubnets'
  | 'awsPermissionsBoundary'
  | 'awsPushRole'
  | 'awsScaling'
  | 'awsEndpoint'
  | 'awsPollMs'
>;

/** Options win over settings. */
export function placeFrom(settings: AwsPlace, given: GivenPlace): AwsPlace {
  return { ...settings, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** What a bootstrap is told. @throws ERR_AWS_USAGE naming everything that is missing. */
export function bootstrapOptionsOf(place: AwsPlace, signal: AbortSignal): BootstrapOptions {
  const { awsRegion, awsVpc, awsSubnets } = place;
  if (awsRegion === undefined || awsVpc === undefined || awsSubnets === undefined) throw missing(place, ['region', 'vpc', 'subnets']);
  return {
    region: awsRegion,
    vpc: awsVpc,
    subnets: awsSubnets,
    account: place.awsAccount,
    environment: place.awsEnvironment,
    scaling: place.awsScaling,
    endpoint: place.awsEndpoint,
    pollMs: place.awsPollMs,
    signal,
  };
}

/** What a policy is written for; the account is asked for where it is not given. @throws ERR_AWS_USAGE naming everything that is missing. */
export async function policyPlaceOf(place: AwsPlace, askAccount: (region: string) => Promise<string>): Promise<PolicyPlace> {
  const { awsRegion: region, awsVpc: vpc } = place;
  if (region === undefined || vpc === undefined) throw missing(place, ['region', 'vpc']);
  return {
    region,
    vpc,
    account: place.awsAccount ?? (await askAccount(region)),
    environment: place.awsEnvironment,
    cluster: place.awsCluster,
    permissionsBoundary: place.awsPermissionsBoundary,
    pushRole: place.awsPushRole,
  };
}

const wanted = {
  region: { setting: 'RUNLAYER_AWS_REGION', is: (place: AwsPlace) => place.awsRegion },
  vpc: { setting: 'RUNLAYER_AWS_VPC', is: (place: AwsPlace) => place.awsVpc },
  subnets: { setting: 'RUNLAYER_AWS_SUBNETS', is: (place: AwsPlace) => place.awsSubnets },
} as const;

function missing(place: AwsPlace, names: readonly (keyof typeof wanted)[]): Error {
  const lines = names.filter((name) => wanted[name].is(place) === undefined).map((name) => `--${name} (or ${wanted[name].setting})`);
  return fail('ERR_AWS_USAGE', `Not given: ${lines.join(', ')}.`);
}

/** The settings of a server that works with what a bootstrap has made. */
export function serverSettingsOf({ awsScaling, awsEndpoint }: AwsPlace, plan: BootstrapPlan): SettingLines {
  const { cluster, proxySecurityGroup = '', permissionsBoundary, pushRole } = plan.outputs;
  return {
    RUNLAYER_TARGET: 'aws',
    RUNLAYER_AWS_REGION: plan.region,
    RUNLAYER_AWS_ACCOUNT: plan.account,
    RUNLAYER_AWS_ENVIRONMENT: plan.environment,
    RUNLAYER_AWS_CLUSTER: cluster,
    RUNLAYER_AWS_VPC: plan.vpc,
    RUNLAYER_AWS_SUBNETS: plan.subnets.join(','),
    RUNLAYER_AWS_PROXY_SECURITY_GROUP: proxySecurityGroup,
    RUNLAYER_AWS_PERMISSIONS_BOUNDARY: permissionsBoundary,
    RUNLAYER_AWS_PUSH_ROLE: pushRole,
    ...(awsScaling === false ? { RUNLAYER_AWS_SCALING: 'off' } : {}),
    ...(awsEndpoint === undefined ? {} : { RUNLAYER_AWS_ENDPOINT: awsEndpoint }),
  };
}
