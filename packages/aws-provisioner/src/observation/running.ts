// What a deployment runs now, read in one go: its service, the task definition of its rollout, and the spec behind it.
import type { Deployment, Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { WorkloadSpec } from '@runlayer/provisioner';
import type { AwsContext } from '../calls/context.ts';
import { readDefinition } from '../resources/definition.ts';
import { readEnvSecret } from '../resources/env-secret.ts';
import { readService } from '../resources/service.ts';
import { primaryOf } from '../apply/rollout.ts';
import { specOf } from '../definition/spec-label.ts';
import { secretArnOf } from '../definition/task-definition.ts';

/** A service that is there. */
export interface Running {
  readonly service: Service;
  readonly primary: Deployment | undefined;
  readonly definition: TaskDefinition | undefined;
  /** The spec that was deployed, with the values of its secrets; nothing where it cannot be read. */
  readonly spec: WorkloadSpec | undefined;
}

/** Reads the service and what it was made from, or nothing when there is no service. */
export async function readRunning(context: AwsContext, deploymentId: string): Promise<Running | undefined> {
  const service = await readService(context, deploymentId);
  if (service === undefined) return undefined;
  const definition = await readDefinition(context, service.taskDefinition ?? '');
  return { service, primary: primaryOf(service), definition, spec: await deployedSpec(context, definition) };
}

/** The task definition that the service runs, or nothing when there is none. Reads no value of a variable. */
export async function readRunningDefinition(context: AwsContext, deploymentId: string): Promise<TaskDefinition | undefined> {
  const service = await readService(context, deploymentId);
  return service === undefined ? undefined : readDefinition(context, service.taskDefinition ?? '');
}

/** The spec that a registered task definition was made from, with the values of its secrets. */
export async function deployedSpec(context: AwsContext, definition: TaskDefinition | undefined): Promise<WorkloadSpec | undefined> {
  if (definition === undefined) return undefined;
  const arn = secretArnOf(definition);
  const secrets = arn === undefined ? {} : ((await readEnvSecret(context, arn)) ?? {});
  return specOf(definition.containerDefinitions?.[0], secrets);
}
