// What a task stands on: roles, security group, log group, table and the secret of its variables. Made in this order, and compared for a plan.
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { Change, WorkloadSpec } from '@runlayer/provisioner';
import { type AwsApply, step } from './apply-job.ts';
import type { AwsContext } from '../calls/context.ts';
import { repositoryArnsOf, sharedDigest } from '../image/image-name.ts';
import { ensureEnvSecret, findEnvSecret } from '../resources/env-secret.ts';
import { ensureExecutionRole, executionRoleChanges, readExecutionRole } from '../resources/execution-role.ts';
import { isKept, keepImage } from '../resources/image-tags.ts';
import { ensureLogGroup, logGroupChanges, readLogGroup } from '../resources/log-group.ts';
import { ensureSecurityGroup, readSecurityGroup, securityGroupChanges } from '../resources/security-group.ts';
import { ensureTable, readTableDetails, tableArn, tableChanges } from '../resources/table.ts';
import { ensureTaskRole, readTaskRole, taskRoleChanges, type WantedTaskRole } from '../resources/task-role.ts';
import type { Running } from '../observation/running.ts';
import { secretArnOf, type Surroundings, taskDefinitionOf } from '../definition/task-definition.ts';

/** What was made, as far as the service needs it. */
export interface Foundations {
  readonly securityGroup: string;
  readonly definition: RegisterTaskDefinitionCommandInput;
}

/** Makes or corrects everything. Where it is right already, nothing but reads happens. */
export async function ensureFoundations(job: AwsApply, spec: WorkloadSpec, running: Running | undefined): Promise<Foundations> {
  const { context } = job;
  const { deploymentId } = spec;
  if (running === undefined) step(job, 'prepare', 'Makes its roles, its security group and its log group.');
  const taskRole = await ensureTaskRole(context, await wantedTaskRole(context, spec));
  // After the role: while that is there, a destroy by another process leaves the image alone.
  await keepSharedImage(context, spec);
  const executionRole = await ensureExecutionRole(context, { deploymentId, repositoryArns: await repositoryArnsOf(context, spec) });
  const group = await ensureSecurityGroup(context, { deploymentId, ports: portsOf(spec, running) });
  await ensureLogGroup(context, deploymentId);
  if (spec.database) await ensureTable(context, deploymentId);
  const secretArn = await ensureEnvSecret(context, wantedSecret(spec, running));
  const around = surroundings(context, spec, { taskRoleArn: taskRole.arn, executionRoleArn: executionRole.arn, secretArn });
  return { securityGroup: group.id, definition: taskDefinitionOf(spec, around) };
}

/** An image of the shared repository stays while a deployment has a tag on it. Says whether it is there still. */
export async function keepSharedImage(context: AwsContext, { deploymentId, image }: WorkloadSpec): Promise<boolean> {
  const digest = await sharedDigest(context, image);
  return digest === undefined || keepImage(context, deploymentId, digest);
}

/** Lets the proxy call the port that serves now, and no other any more. */
export async function closeFormerPorts(context: AwsContext, spec: WorkloadSpec): Promise<void> {
  await ensureSecurityGroup(context, { deploymentId: spec.deploymentId, ports: [spec.port] });
}

async function wantedTaskRole(context: AwsContext, spec: WorkloadSpec): Promise<WantedTaskRole> {
  return {
    deploymentId: spec.deploymentId,
    assumeRoles: Object.values(spec.assumeRoles),
    ...(spec.database ? { tableArn: await tableArn(context, spec.deploymentId) } : {}),
  };
}

/** The former tasks go on serving on the former port until the new ones do. */
function portsOf(spec: WorkloadSpec, running: Running | undefined): number[] {
  return [...new Set([spec.port, running?.spec?.port ?? spec.port])];
}

function wantedSecret(
  { deploymentId, releaseId, secrets }: WorkloadSpec,
  running: Running | undefined,
): Parameters<typeof ensureEnvSecret>[1] {
  const former = running?.definition === undefined ? undefined : secretArnOf(running.definition);
  return { deploymentId, releaseId, values: secrets, candidates: former === undefined ? [] : [former] };
}

function surroundings(
  { names, tags, options }: AwsContext,
  spec: WorkloadSpec,
  arns: Pick<Surroundings, 'taskRoleArn' | 'executionRoleArn' | 'secretArn'>,
): Surroundings {
  const own = names(spec.deploymentId);
  return { names: own, tags: tags(spec.deploymentId), options, ...arns, ...(spec.database ? { tableName: own.table } : {}) };
}

/** What lies beneath a service that is there, as an apply would find it. */
export interface FoundationsSeen {
  /** What {@link ensureFoundations} would change. */
  readonly changes: readonly Change[];
  /** The task definition an apply would ask for, as far as it can be told: nothing where a part of it does not exist yet. */
  readonly definition: RegisterTaskDefinitionCommandInput | undefined;
}

/** Looks at everything beneath a service. Reads only. */
export async function readFoundations(context: AwsContext, spec: WorkloadSpec, running: Running): Promise<FoundationsSeen> {
  const { deploymentId } = spec;
  const [taskRole, executionRole, group, logGroup] = await Promise.all([
    readTaskRole(context, deploymentId),
    readExecutionRole(context, deploymentId),
    readSecurityGroup(context, deploymentId),
    readLogGroup(context, deploymentId),
  ]);
  const [image, taskRoleParts, executionRoleParts, table, definition] = await Promise.all([
    imageChanges(context, spec),
    wantedTaskRole(context, spec).then((wanted) => taskRoleChanges(context, taskRole, wanted)),
    repositoryArnsOf(context, spec).then((repositoryArns) =>
      executionRoleChanges(context, executionRole, { deploymentId, repositoryArns }),
    ),
    spec.database ? readTableDetails(context, deploymentId).then((found) => tableChanges(context, found, deploymentId)) : [],
    foreseenDefinition(context, spec, running, { taskRole, executionRole }),
  ]);
  const lists: Record<string, readonly string[]> = {
    image,
    taskRole: taskRoleParts,
    executionRole: executionRoleParts,
    securityGroup: securityGroupChanges(context, group, { deploymentId, ports: portsOf(spec, running) }),
    logGroup: logGroupChanges(context, logGroup, deploymentId),
    table,
  };
  const changes = Object.entries(lists).flatMap(([resource, parts]) =>
    parts.map((part) => ({ field: `${resource}.${part}`, before: 'differs', after: 'as wanted' })),
  );
  return { changes, definition };
}

async function imageChanges(context: AwsContext, { image, deploymentId }: WorkloadSpec): Promise<string[]> {
  const digest = await sharedDigest(context, image);
  return digest === undefined || (await isKept(context, deploymentId, digest)) ? [] : ['tag'];
}

async function foreseenDefinition(
  context: AwsContext,
  spec: WorkloadSpec,
  running: Running,
  { taskRole, executionRole }: Readonly<Record<'taskRole' | 'executionRole', { readonly arn: string } | undefined>>,
): Promise<RegisterTaskDefinitionCommandInput | undefined> {
  const secretArn = Object.keys(spec.secrets).length === 0 ? undefined : await findEnvSecret(context, wantedSecret(spec, running));
  const lacksSecret = secretArn === undefined && Object.keys(spec.secrets).length > 0;
  if (taskRole === undefined || executionRole === undefined || lacksSecret) return undefined;
  return taskDefinitionOf(spec, surroundings(context, spec, { taskRoleArn: taskRole.arn, executionRoleArn: executionRole.arn, secretArn }));
}
