// The verb `watch`: compares the tasks of the cluster with those of the last look. ECS tells of changes to EventBridge only,
// which would need a queue per platform; asking every few seconds needs nothing.
import type { Task } from '@aws-sdk/client-ecs';
import type { WatchEvent } from '@runlayer/provisioner';
import { pause } from '@runlayer/provisioner/driver';
import type { AwsContext } from '../calls/context.ts';
import { deploymentOf } from '../names.ts';
import { addressOf, describeTasks, isRunning, listTasks } from './tasks.ts';

/** Deployment and what of a task makes a difference to callers, by the task's ARN. A task of nobody we know has no deployment. */
export type Seen = ReadonlyMap<string, readonly [deploymentId: string | undefined, state: string]>;

type Tell = (event: WatchEvent) => void;

const longestWaitMs = 10_000;
/** How long one look may take, milliseconds; after it the next one is begun. */
const longestLookMs = 10_000;
/** How often it is looked whether AWS is still heard, milliseconds. */
const vouchMs = 500;

/** Tells of every change until the signal fires. Never throws: when AWS cannot be asked it is tried again, further and further apart. */
export async function watchOnAws(context: AwsContext, tell: Tell): Promise<void> {
  await Promise.all([lookOnAndOn(context, tell), vouchOnAndOn(context, tell)]);
  context.memory.hearsBy = Infinity;
}

async function lookOnAndOn(context: AwsContext, tell: Tell): Promise<void> {
  const { options, signal, memory } = context;
  let last: Seen | undefined;
  let wait = options.pollMs;
  while (!signal.aborted) {
    try {
      const now = await lookAtCluster(inTime(context), last);
      noteEnds(context, last, now);
      memory.hearsBy = performance.now() + options.pollMs + slackMs(options);
      if (last === undefined) tell({ type: 'unknown' });
      else for (const deploymentId of changedBetween(last, now)) tell({ type: 'moved', deploymentId });
      for (const deploymentId of memory.unsettled.due()) tell({ type: 'moved', deploymentId });
      [last, wait] = [now, options.pollMs];
    } catch {
      // What happens meanwhile is not seen: the next look says that anything may have changed.
      [last, wait] = [undefined, Math.min(wait * 2, longestWaitMs)];
      memory.hearsBy = -Infinity;
    }
    await pause(wait, signal).catch(() => {});
  }
}

/** How much longer than usual a look may take until AWS counts as away, milliseconds. */
function slackMs({ pollMs }: AwsContext['options']): number {
  return 500 + pollMs / 2;
}

function inTime(context: AwsContext): AwsContext {
  return { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(longestLookMs)]) };
}

/** While AWS is away, the tasks themselves are asked whether they are there. */
async function vouchOnAndOn({ options, signal, memory }: AwsContext, tell: Tell): Promise<void> {
  while (!signal.aborted) {
    if (memory.isDeaf() && options.probe === 'http') await memory.served.vouch();
    for (const deploymentId of memory.served.lost()) tell({ type: 'moved', deploymentId });
    await pause(Math.min(options.pollMs, vouchMs), signal).catch(() => {});
  }
}

/**
 * Tasks that run or start. One that runs already keeps its address for life and leaves the list when it ends, and whose a task is
 * never changes, so only our starting ones are asked about again: a large cluster costs one page of a list per hundred tasks.
 */
async function lookAtCluster(context: AwsContext, last: Seen | undefined): Promise<Seen> {
  const arns = await listTasks(context, undefined, 'RUNNING');
  const known = arns.filter((arn) => isSettled(last?.get(arn)));
  const settled = new Set(known);
  const fresh = await describeTasks(
    context,
    arns.filter((arn) => !settled.has(arn)),
  );
  const entries = fresh.map((task) => entryOf(context, task));
  return new Map([...known.map((arn) => [arn, last!.get(arn)!] as const), ...entries]);
}

function isSettled(seen: readonly [string | undefined, string] | undefined): boolean {
  return seen !== undefined && (seen[0] === undefined || seen[1].startsWith('RUNNING'));
}

function entryOf({ options }: AwsContext, task: Task): [string, readonly [string | undefined, string]] {
  const family = task.taskDefinitionArn?.split('/').at(-1)?.split(':')[0] ?? '';
  const state = `${isRunning(task) ? 'RUNNING' : task.lastStatus} ${addressOf(task) ?? ''}`;
  return [task.taskArn ?? '', [deploymentOf(options.environment, family), state]];
}

/** What left the list has ended; what is on it has not, whatever was thought before. */
function noteEnds({ memory }: AwsContext, before: Seen | undefined, now: Seen): void {
  for (const arn of now.keys()) memory.addresses.runs(idOf(arn));
  for (const [arn, [deploymentId]] of before ?? []) {
    if (now.has(arn)) continue;
    memory.addresses.ended(idOf(arn));
    if (deploymentId !== undefined) memory.served.strike(deploymentId, idOf(arn));
  }
  // After a time in which nothing was heard it is not known who left.
  if (before !== undefined) memory.served.heard();
}

function idOf(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** Deployments whose tasks came, went or changed. */
export function changedBetween(before: Seen, after: Seen): Set<string> {
  const changed = new Set<string>();
  for (const [arn, [deploymentId, state]] of after)
    if (deploymentId !== undefined && before.get(arn)?.[1] !== state) changed.add(deploymentId);
  for (const [arn, [deploymentId]] of before) if (deploymentId !== undefined && !after.has(arn)) changed.add(deploymentId);
  return changed;
}
