// The tasks of a deployment: which there are, where they are reached, and to which rollout they belong.
import { DescribeTasksCommand, ListTasksCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { Endpoint } from '@runlayer/provisioner';
import type { Tenant } from './address-book.ts';
import { awaited, unlessGone } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';

/** Lists and describes the tasks of a deployment, of its service and of its trials; those that stopped only when asked. */
export async function readTasks(
  context: AwsContext,
  deploymentId: string,
  which: 'running' | 'stopped' | 'all' = 'running',
): Promise<Task[]> {
  const wanted =
    which === 'all' ? (['RUNNING', 'STOPPED'] as const) : which === 'stopped' ? (['STOPPED'] as const) : (['RUNNING'] as const);
  const lists = await Promise.all(wanted.map((status) => listTasks(context, context.names(deploymentId).family, status)));
  return describeTasks(context, [...new Set(lists.flat())]);
}

/** ARNs of tasks of a family, by what they are meant to be. `RUNNING` includes those that start. */
export async function listTasks(
  { clients, options, signal }: AwsContext,
  family: string | undefined,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListTasksCommand({ cluster: options.cluster, family, desiredStatus, nextToken });
    const page = await unlessGone(clients.ecs.send(command, { abortSignal: signal }));
    arns.push(...(page?.taskArns ?? []));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined && nextToken !== '');
  return arns;
}

/** Describes tasks, a hundred at a time as ECS demands. Those that are forgotten meanwhile are left out. */
export async function describeTasks({ clients, options, signal, memory }: AwsContext, arns: readonly string[]): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let at = 0; at < arns.length; at += 100) {
    const command = new DescribeTasksCommand({ cluster: options.cluster, tasks: arns.slice(at, at + 100) });
    tasks.push(...((await clients.ecs.send(command, { abortSignal: signal })).tasks ?? []));
  }
  for (const task of tasks) memory.addresses.note(tenantOf(task));
  return tasks;
}

/** Id of a task: the last part of its ARN, which also ends the name of its log stream. */
export function taskIdOf(task: Pick<Task, 'taskArn'>): string {
  return task.taskArn?.split('/').at(-1) ?? '';
}

/** A task as the address book knows it. */
export function tenantOf(task: Task): Tenant {
  return { taskId: taskIdOf(task), address: addressOf(task), createdAt: task.createdAt };
}

/** Private address of a task, once it has one. */
export function addressOf(task: Task): string | undefined {
  const details = task.attachments?.flatMap((attachment) => attachment.details ?? []) ?? [];
  return details.find(({ name }) => name === 'privateIPv4Address')?.value;
}

/** Where a task is called, once it has an address. */
export function endpointOf(task: Task, port: number): Endpoint | undefined {
  const host = addressOf(task);
  return host === undefined ? undefined : { instance: taskIdOf(task), host, port };
}

/** Whether a task runs, and nobody has asked it to stop. */
export function isRunning(task: Task): boolean {
  return task.lastStatus === 'RUNNING' && task.desiredStatus !== 'STOPPED';
}

/** Whether a task ends or has ended. */
export function isEnding(task: Task): boolean {
  return task.desiredStatus === 'STOPPED' || /^(DEACTIVATING|STOPPING|DEPROVISIONING|STOPPED|DELETED)$/.test(task.lastStatus ?? '');
}

/** Stops tasks, and waits until they have stopped. */
export async function stopTasks(context: AwsContext, tasks: readonly Task[], reason: string): Promise<void> {
  const { clients, options, signal } = context;
  for (const { taskArn } of tasks) {
    await unlessGone(clients.ecs.send(new StopTaskCommand({ cluster: options.cluster, task: taskArn, reason }), { abortSignal: signal }));
  }
  const arns = tasks.map(({ taskArn }) => taskArn ?? '');
  if (arns.length === 0) return;
  await awaited(context, `${arns.length} tasks have stopped`, async () =>
    (await describeTasks(context, arns)).every(({ lastStatus }) => lastStatus === 'STOPPED' || lastStatus === 'DELETED') ? true : undefined,
  );
}
