// Looks, before anything is made, whether the spec can run here and whether the platform's own resources are as the settings say.
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import type { Failure, WorkloadSpec } from '@runlayer/provisioner';
import { isFargateSize } from '@runlayer/fargate-sizing';
import { unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { awsError } from '../error-codes.ts';
import { envSecretFailure } from '../resources/env-secret.ts';

/** Why a spec cannot run on this target, from the spec alone. */
export function specFailure(spec: WorkloadSpec): Failure | undefined {
  return sizeFailure(spec) ?? roleFailure(spec) ?? envSecretFailure(spec.secrets);
}

function sizeFailure({ cpu, memoryMiB }: WorkloadSpec): Failure | undefined {
  if (isFargateSize(cpu, memoryMiB)) return undefined;
  return {
    code: 'unsupported',
    message: `Fargate has no task of ${cpu} CPU units and ${memoryMiB} MiB.`,
    fix: 'Choose a pair from the table of sizes (infrastructure.cpu, infrastructure.memory).',
    evidence: {},
  };
}

const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

/** Only the form is looked at: whether the role can be assumed, its owner's account says at run time. */
function roleFailure({ assumeRoles }: WorkloadSpec): Failure | undefined {
  const wrong = Object.entries(assumeRoles).find(([, arn]) => !roleArn.test(arn));
  if (wrong === undefined) return undefined;
  return {
    code: 'unsupported',
    message: `The role ${wrong[0]} has no ARN of an IAM role: ${wrong[1].slice(0, 200)}.`,
    fix: 'Write infrastructure.aws.assume_roles as arn:aws:iam::<account>:role/<name>.',
    evidence: {},
  };
}

/**
 * Demands that account, cluster and subnets are what the settings say. Reads only.
 * @throws `ERR_AWS_ACCOUNT`, `ERR_AWS_PLATFORM`
 */
export async function demandPlatform(context: AwsContext): Promise<void> {
  await context.account();
  await Promise.all([demandCluster(context), demandSubnets(context)]);
}

async function demandCluster({ clients, options, signal }: AwsContext): Promise<void> {
  const { clusters = [] } = await clients.ecs.send(new DescribeClustersCommand({ clusters: [options.cluster] }), { abortSignal: signal });
  if (clusters[0]?.status === 'ACTIVE') return;
  const state = clusters[0] === undefined ? 'does not exist' : `is ${clusters[0].status}`;
  throw awsError('ERR_AWS_PLATFORM', `The cluster ${options.cluster} ${state} in ${options.region}.`);
}

/** Demands that the subnets are in the VPC. @throws `ERR_AWS_PLATFORM` */
export async function demandSubnets({ clients, options, signal }: Pick<AwsContext, 'clients' | 'options' | 'signal'>): Promise<void> {
  const command = new DescribeSubnetsCommand({ SubnetIds: [...options.subnets] });
  const found = await unlessGone(clients.ec2.send(command, { abortSignal: signal })).catch((error: Error) => {
    if (error.name === 'InvalidSubnetID.NotFound') return undefined;
    throw error;
  });
  const inVpc = new Set((found?.Subnets ?? []).filter(({ VpcId }) => VpcId === options.vpc).map(({ SubnetId }) => SubnetId));
  const missing = options.subnets.filter((id) => !inVpc.has(id));
  if (missing.length > 0) throw awsError('ERR_AWS_PLATFORM', `The VPC ${options.vpc} has no subnet ${missing.join(', ')}.`);
}
