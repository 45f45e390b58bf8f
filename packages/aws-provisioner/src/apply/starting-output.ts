// Passes on what starting tasks write, so that a person sees them come up.
import type { Task } from '@aws-sdk/client-ecs';
import type { WorkloadSpec } from '@runlayer/provisioner';
import { redactionOf } from '@runlayer/provisioner/driver';
import type { AwsApply } from './apply-job.ts';
import { readForward, streamOf } from '../observation/log-streams.ts';
import { taskIdOf } from '../observation/tasks.ts';

/** Lines beyond this many are left to `logs`. */
const mostLines = 200;

/** Tells the new lines of tasks, free of secrets and at most 500 characters long. */
export type TellOutput = (tasks: readonly Task[]) => Promise<void>;

/** Makes a teller for one rollout. Only shown for comfort, so a log that cannot be read is passed over. */
export function outputTeller({ context, emit }: AwsApply, spec: Pick<WorkloadSpec, 'deploymentId' | 'secrets'>): TellOutput {
  const redact = redactionOf(spec.secrets);
  const cursors = new Map<string, string | undefined>();
  let left = mostLines;
  const tellOne = async (stream: string): Promise<void> => {
    const { lines, cursor } = await readForward(context, spec.deploymentId, stream, cursors.get(stream));
    cursors.set(stream, cursor);
    for (const { line } of lines.slice(0, left)) void emit({ type: 'log', line: redact(line).slice(0, 500) });
    left -= Math.min(lines.length, left);
  };
  return async (tasks) => {
    for (const task of tasks) if (left > 0) await tellOne(streamOf(context, spec.deploymentId, taskIdOf(task))).catch(() => {});
    context.signal.throwIfAborted();
  };
}
