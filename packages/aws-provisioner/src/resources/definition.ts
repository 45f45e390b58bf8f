// Registered task definitions of a deployment: found, registered when missing, and taken away when nothing needs them.
import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { codeOf, reasonOf, settled, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { isRemoved } from '../apply/others.ts';
import { labelOf } from '../definition/task-definition.ts';

/** A registered task definition, by ARN, or by family for its newest revision that can be run. */
export async function readDefinition({ clients, signal }: AwsContext, taskDefinition: string): Promise<TaskDefinition | undefined> {
  try {
    const call = clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }), { abortSignal: signal });
    return (await unlessGone(call))?.taskDefinition;
  } catch (error) {
    // What AWS answers where nothing has this name.
    if (codeOf(error) === 'ClientException' && /unable to describe/i.test(reasonOf(error))) return undefined;
    throw error;
  }
}

/** Whether no task can be started from it any more. ECS shows one that was deleted for as long as tasks of it run, or longer. */
export function isDeregistered({ status }: Pick<TaskDefinition, 'status'>): boolean {
  return status === 'INACTIVE' || status === 'DELETE_IN_PROGRESS';
}

/** Whether a registered task definition is the wanted one, of the same release or, with `anyRelease`, of an older one. */
export function isSame(found: TaskDefinition, wanted: RegisterTaskDefinitionCommandInput, anyRelease: boolean): boolean {
  const same = (name: 'hash' | 'release'): boolean =>
    labelOf(found, name) === labelOf({ containerDefinitions: wanted.containerDefinitions }, name);
  return !isDeregistered(found) && same('hash') && (anyRelease || same('release'));
}

/** Registers a task definition unless the newest one is the same: then an earlier apply was cut short after it had registered it. */
export async function ensureDefinition(context: AwsContext, wanted: RegisterTaskDefinitionCommandInput): Promise<TaskDefinition> {
  const { clients, signal } = context;
  const newest = await readDefinition(context, wanted.family ?? '');
  if (newest !== undefined && isSame(newest, wanted, false)) return newest;
  const made = await settled(context, () => clients.ecs.send(new RegisterTaskDefinitionCommand(wanted), { abortSignal: signal }));
  return made.taskDefinition ?? {};
}

/** ARNs of all revisions of a deployment that are not deleted, oldest first. */
export async function listDefinitions(
  { clients, names, signal }: AwsContext,
  deploymentId: string,
  status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE',
): Promise<string[]> {
  const { family } = names(deploymentId);
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await clients.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, status, nextToken }), {
      abortSignal: signal,
    });
    arns.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && nextToken !== '');
  // The filter is a prefix on some implementations; a family of ours is never the beginning of another.
  return arns.filter((arn) => arn.includes(`task-definition/${family}:`));
}

/** Deregisters revisions, then deletes them, ten at a time as ECS demands. */
export async function removeDefinitions({ clients, signal }: AwsContext, arns: readonly string[]): Promise<void> {
  for (const taskDefinition of arns) {
    await unlessRemoved(clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }), { abortSignal: signal }));
  }
  await deleteDefinitions({ clients, signal }, arns);
}

/** One that is inactive already was deregistered by another run, or by a call of ours whose answer was lost. */
async function unlessRemoved(call: Promise<unknown>): Promise<void> {
  await unlessGone(call).catch((error: unknown) => {
    if (!isRemoved(error)) throw error;
  });
}

/** Deletes revisions that are deregistered. */
export async function deleteDefinitions(
  { clients, signal }: Pick<AwsContext, 'clients' | 'signal'>,
  arns: readonly string[],
): Promise<void> {
  for (let at = 0; at < arns.length; at += 10) {
    const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: arns.slice(at, at + 10) });
    await unlessGone(clients.ecs.send(command, { abortSignal: signal }));
  }
}
