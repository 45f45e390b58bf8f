// The verb `watch`: compares the tasks of the cluster with those of the last look. ECS tells of changes to EventBridge only,
// which would need a queue per platform; asking every few seconds needs nothing.
import type { Task } from '@aws-sdk/client-ecs';
import type { WatchEvent } from '@runlayer/provisioner';
import { pause } from '@runlayer/provisioner/driver';
import type { AwsContext } from './context.ts';
import { deploymentOf } from './names.ts';
import { describeTasks, endpointOf, isRunning, listTasks } from './tasks.ts';

/** Deployment and what of a task makes a difference to callers, by the task's ARN. */
type Seen = ReadonlyMap<string, readonly [deploymentId: string, state: string]>;

const longestWaitMs = 30_000;

/** Tells of every change until the signal fires. Never throws: when AWS cannot be asked it is tried again, further and further apart. */
export async function watchOnAws(context: AwsContext, tell: (event: WatchEvent) => void): Promise<void> {
  const { options, signal } = context;
  let last: Seen | undefined;
  let wait = options.pollMs;
  while (!signal.aborted) {
    try {
      const now = await lookAtCluster(context, last);
      if (last === undefined) tell({ type: 'unknown' });
      else for (const deploymentId of changedBetween(last, now)) tell({ type: 'moved', deploymentId });
      [last, wait] = [now, options.pollMs];
    } catch {
      // What happens meanwhile is not seen: the next look says that anything may have changed.
      [last, wait] = [undefined, Math.min(wait * 2, longestWaitMs)];
    }
    await pause(wait, signal).catch(() => {});
  }
}

/**
 * Tasks that run or start. One that runs already keeps its address for life and leaves the list when it ends,
 * so only the others are asked about: a large cluster costs one page of a list per hundred tasks.
 */
async function lookAtCluster(context: AwsContext, last: Seen | undefined): Promise<Seen> {
  const arns = await listTasks(context, undefined, 'RUNNING');
  const known = arns.filter((arn) => last?.get(arn)?.[1].startsWith('RUNNING') === true);
  const settled = new Set(known);
  const fresh = await describeTasks(
    context,
    arns.filter((arn) => !settled.has(arn)),
  );
  const entries = fresh.flatMap((task) => entryOf(context, task));
  return new Map([...known.map((arn) => [arn, last!.get(arn)!] as const), ...entries]);
}

function entryOf({ options }: AwsContext, task: Task): [string, readonly [string, string]][] {
  const family = task.taskDefinitionArn?.split('/').at(-1)?.split(':')[0] ?? '';
  const deploymentId = deploymentOf(options.environment, family);
  if (deploymentId === undefined) return [];
  const state = `${isRunning(task) ? 'RUNNING' : task.lastStatus} ${endpointOf(task, 0)?.host ?? ''}`;
  return [[task.taskArn ?? '', [deploymentId, state]]];
}

/** Deployments whose tasks came, went or changed. */
export function changedBetween(before: Seen, after: Seen): Set<string> {
  const changed = new Set<string>();
  for (const [arn, [deploymentId, state]] of after) if (before.get(arn)?.[1] !== state) changed.add(deploymentId);
  for (const [arn, [deploymentId]] of before) if (!after.has(arn)) changed.add(deploymentId);
  return changed;
}
