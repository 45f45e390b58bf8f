// The ECS service of a deployment: keeps its tasks running, and rolls from one task definition to the next.
import { randomUUID } from 'node:crypto';
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeServicesCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { awaited, codeOf, reasonOf, settled, spreadingMs, unlessGone } from '../calls/aws-error.ts';
import { isRemoved, Vanished } from '../apply/others.ts';
import type { AwsContext } from '../calls/context.ts';
import { demandOwned, lowerTagList, tagsFrom } from '../tags.ts';

/** What a service runs. */
export interface WantedService {
  readonly deploymentId: string;
  readonly taskDefinition: string;
  readonly securityGroup: string;
  readonly desiredCount: number;
}

/**
 * The service, or nothing when there is none. A deleted one stays describable for a while and counts as none.
 * @throws `ERR_AWS_FOREIGN_OWNER`
 */
export async function readService(context: AwsContext, deploymentId: string): Promise<Service | undefined> {
  const found = await describe(context, deploymentId);
  return found === undefined || found.status === 'INACTIVE' ? undefined : found;
}

async function describe({ clients, options, names, tags, signal }: AwsContext, deploymentId: string): Promise<Service | undefined> {
  const command = new DescribeServicesCommand({ cluster: options.cluster, services: [names(deploymentId).service], include: ['TAGS'] });
  const found = (await unlessGone(clients.ecs.send(command, { abortSignal: signal })))?.services?.[0];
  if (found !== undefined && found.status !== 'INACTIVE')
    demandOwned(`The service ${found.serviceName}`, tagsFrom(found.tags), tags(deploymentId));
  return found;
}

/** Whether the service has to be told something: another task definition, or a network that was changed. */
export function isServiceCurrent(found: Service, wanted: WantedService, { options }: Pick<AwsContext, 'options'>): boolean {
  const network = found.networkConfiguration?.awsvpcConfiguration;
  return (
    found.taskDefinition === wanted.taskDefinition &&
    (found.desiredCount ?? 0) > 0 &&
    same(network?.subnets, options.subnets) &&
    same(network?.securityGroups, [wanted.securityGroup])
  );
}

function same(a: readonly string[] = [], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/** Creates the service. One that is being deleted is waited for first, as its name is taken until it is gone. */
export async function createService(context: AwsContext, wanted: WantedService): Promise<Service> {
  const { clients, options, names, tags, signal } = context;
  const { deploymentId } = wanted;
  await untilGone(context, deploymentId);
  const input: CreateServiceCommandInput = {
    ...shared(context, wanted),
    cluster: options.cluster,
    serviceName: names(deploymentId).service,
    launchType: 'FARGATE',
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
    tags: lowerTagList(tags(deploymentId)),
    // One token for all tries of this call, and another one for the next service of the same name.
    clientToken: randomUUID(),
  };
  return settled(context, async () => {
    try {
      return (await clients.ecs.send(new CreateServiceCommand(input), { abortSignal: signal })).service ?? {};
    } catch (error) {
      // The answer to an earlier try was lost.
      const there = isThere(error) ? await readService(context, deploymentId) : undefined;
      if (there === undefined) throw isRemoved(error) ? new Vanished() : error;
      return isServiceCurrent(there, wanted, context) ? there : updateService(context, wanted);
    }
  });
}

function isThere(error: unknown): boolean {
  return /^(InvalidParameter|Client)Exception$/.test(codeOf(error)) && /not idempotent|already exists/i.test(reasonOf(error));
}

/** Starts a rollout. With `force` also where the task definition stays the same, so that missing tasks come back. */
export async function updateService(context: AwsContext, wanted: WantedService, force = false): Promise<Service> {
  const { clients, options, names, signal } = context;
  const command = new UpdateServiceCommand({
    ...shared(context, wanted),
    cluster: options.cluster,
    service: names(wanted.deploymentId).service,
    forceNewDeployment: force,
  });
  // Right after a creation another server of ECS may not know the service yet.
  const isMissing = (error: unknown): boolean => codeOf(error) === 'ServiceNotFoundException';
  try {
    return (await settled(context, () => clients.ecs.send(command, { abortSignal: signal }), isMissing, spreadingMs)).service ?? {};
  } catch (error) {
    throw isMissing(error) || isRemoved(error) ? new Vanished() : error;
  }
}

function shared(
  { options }: AwsContext,
  wanted: WantedService,
): Pick<CreateServiceCommandInput, 'taskDefinition' | 'desiredCount' | 'networkConfiguration' | 'deploymentConfiguration'> {
  return {
    taskDefinition: wanted.taskDefinition,
    desiredCount: wanted.desiredCount,
    networkConfiguration: networkOf(options.subnets, wanted.securityGroup),
    deploymentConfiguration: {
      // The former tasks stay until as many new ones run.
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  };
}

/** Where tasks are: in the given subnets, without a public address. */
export function networkOf(
  subnets: readonly string[],
  securityGroup: string,
): NonNullable<CreateServiceCommandInput['networkConfiguration']> {
  return { awsvpcConfiguration: { subnets: [...subnets], securityGroups: [securityGroup], assignPublicIp: 'DISABLED' } };
}

/** Waits until a service that is being deleted is gone. One that is active is left alone. */
async function untilGone(context: AwsContext, deploymentId: string): Promise<void> {
  await awaited(context, `the former service of ${deploymentId} is gone`, async () => {
    const found = await describe(context, deploymentId);
    return found?.status === 'DRAINING' ? undefined : true;
  });
}

/** Deletes the service, running tasks included, and waits until it is gone. */
export async function removeService(context: AwsContext, deploymentId: string): Promise<void> {
  const { clients, options, names, signal } = context;
  const found = await readService(context, deploymentId);
  if (found === undefined) return;
  // One that drains already is deleted by somebody, or was by a run that was killed.
  if (found.status !== 'DRAINING') {
    const command = new DeleteServiceCommand({ cluster: options.cluster, service: names(deploymentId).service, force: true });
    await unlessGone(settled(context, () => clients.ecs.send(command, { abortSignal: signal })));
  }
  await untilGone(context, deploymentId);
}
