// The verb `destroy`: takes down, in the opposite order of its making, everything that carries a deployment's id, and lists what is left.
import type { DestroyEvent } from '@runlayer/provisioner';
import { type Emit, pause } from '@runlayer/provisioner/driver';
import type { AwsContext } from '../calls/context.ts';
import { deleteDefinitions, listDefinitions, readDefinition, removeDefinitions } from '../resources/definition.ts';
import { readEnvSecret, removeEnvSecrets } from '../resources/env-secret.ts';
import { removeExecutionRole } from '../resources/execution-role.ts';
import { removeLogGroup } from '../resources/log-group.ts';
import { listImageTags, removeImageTags } from '../resources/image-tags.ts';
import { removeScaling } from '../resources/scaling.ts';
import { removeSecurityGroup } from '../resources/security-group.ts';
import { removeService } from '../resources/service.ts';
import { removeTable } from '../resources/table.ts';
import { removeTaskRole } from '../resources/task-role.ts';
import { isImageTag, remainderOf } from './remainder.ts';
import { secretArnOf } from '../definition/task-definition.ts';
import { readTasks, stopTasks } from '../observation/tasks.ts';

/** How often an apply by another process may make anew what is being taken down. */
const mostRounds = 3;

/** Removes everything, each part only once nothing uses it any more. Every step takes what is gone already as done. */
export async function destroyOnAws(context: AwsContext, deploymentId: string, emit: Emit<DestroyEvent>): Promise<void> {
  const before = await remainderOf(context, deploymentId);
  const tell = (step: string, message: string): void => void emit({ type: 'step', step, message });
  if (before.length > 0) tell('found', `Removes ${before.length} things: ${before.join(', ').slice(0, 2000)}.`);
  let remaining = before;
  for (let round = 1; round === 1 || (remaining.length > 0 && round <= mostRounds); round += 1) {
    if (round > 1) tell('again', `Goes round again, for what was made meanwhile: ${remaining.join(', ').slice(0, 2000)}.`);
    for (const [step, message, remove] of steps) {
      context.signal.throwIfAborted();
      if (before.length > 0 && round === 1) tell(step, message);
      await remove(context, deploymentId);
    }
    remaining = await lookAgain(context, deploymentId);
    // The image cannot be made again: it goes once nothing else is there, so that an apply that has begun meanwhile keeps it.
    if (remaining.length > 0 && remaining.every(isImageTag)) {
      tell('images', 'Removes its tags, and the images that nobody else has tagged.');
      await removeTags(context, deploymentId);
      remaining = await remainderOf(context, deploymentId);
    }
  }
  const logs = context.names(deploymentId).logGroup;
  if (context.options.keepLogs && before.length > 0) tell('logs', `Leaves the log group ${logs}: CloudWatch lets its lines expire.`);
  void emit({ type: 'destroyed', remaining });
}

/** So many looks, as AWS shows for a moment what is gone already. */
const mostLooks = 3;

/** What is left once AWS has had a moment to show it. */
async function lookAgain(context: AwsContext, deploymentId: string): Promise<string[]> {
  for (let left = mostLooks - 1; ; left -= 1) {
    const remaining = await remainderOf(context, deploymentId);
    if (left === 0 || remaining.every(isImageTag)) return remaining;
    await pause(context.options.pollMs, context.signal);
  }
}

type Step = [name: string, message: string, remove: (context: AwsContext, deploymentId: string) => Promise<unknown>];

const steps: readonly Step[] = [
  ['scaling', 'Takes the service out of scaling.', removeScaling],
  ['service', 'Removes the service, and waits until its tasks have stopped.', removeServiceAndTasks],
  ['security-group', 'Removes the security group once no network interface uses it.', removeSecurityGroup],
  // The secrets that only a revision names are found by it: so the revisions go last of the two.
  ['secrets', 'Removes the variables.', removeSecrets],
  ['definitions', 'Removes the task definitions.', removeAllDefinitions],
  ['table', 'Removes the table.', removeTable],
  // After the tasks: a service whose role is gone hangs while it drains.
  ['roles', 'Removes the roles.', removeRoles],
  ['logs', 'Removes the log, unless it is kept.', removeLogs],
];

async function removeServiceAndTasks(context: AwsContext, deploymentId: string): Promise<void> {
  await removeService(context, deploymentId);
  await stopTasks(context, await readTasks(context, deploymentId), 'The deployment is destroyed.');
}

async function removeSecrets(context: AwsContext, deploymentId: string): Promise<void> {
  const known: string[] = [];
  const revisions = [...(await listDefinitions(context, deploymentId)), ...(await listDefinitions(context, deploymentId, 'INACTIVE'))];
  for (const arn of revisions) {
    const definition = await readDefinition(context, arn);
    const secret = definition === undefined ? undefined : secretArnOf(definition);
    // The list of secrets lags: one that is gone need not be deleted again, one that is there must be.
    if (secret !== undefined && (await readEnvSecret(context, secret)) !== undefined) known.push(secret);
  }
  await removeEnvSecrets(context, deploymentId, { known });
}

/** Those that a killed run has deregistered are still to be deleted. */
async function removeAllDefinitions(context: AwsContext, deploymentId: string): Promise<void> {
  await removeDefinitions(context, await listDefinitions(context, deploymentId));
  await deleteDefinitions(context, await listDefinitions(context, deploymentId, 'INACTIVE'));
}

async function removeRoles(context: AwsContext, deploymentId: string): Promise<void> {
  await removeExecutionRole(context, deploymentId);
  await removeTaskRole(context, deploymentId);
}

async function removeTags(context: AwsContext, deploymentId: string): Promise<void> {
  await removeImageTags(
    context,
    (await listImageTags(context, deploymentId)).map(({ tag }) => tag),
  );
}

async function removeLogs(context: AwsContext, deploymentId: string): Promise<void> {
  if (!context.options.keepLogs) await removeLogGroup(context, deploymentId);
}
