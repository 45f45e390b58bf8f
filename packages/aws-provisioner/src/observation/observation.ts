// Looks at one task once: does it serve, is it starting, or why does it fail?
import type { Task } from '@aws-sdk/client-ecs';
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { probe, type Redaction, redactionOf } from '@runlayer/provisioner/driver';
import type { AwsContext } from '../calls/context.ts';
import { lastLinesOf } from './log-streams.ts';
import { silenceFailure } from './silence-failure.ts';
import { taskFailure } from './task-failure.ts';
import { endpointOf, isEnding, isRunning, taskIdOf, tenantOf } from './tasks.ts';

/** What one look shows. */
export type Observed =
  | { readonly state: 'serving'; readonly endpoint: Endpoint }
  /** Runs or starts, and does not serve now; `failure` says why, should it stay like this. */
  | { readonly state: 'waiting'; readonly failure?: Failure | undefined }
  | { readonly state: 'failing'; readonly failure: Failure };

/** What a look has to know of the spec. */
export type LookedAt = Pick<WorkloadSpec, 'deploymentId' | 'port' | 'path' | 'memoryMiB' | 'secrets'>;

/** Looks once. Reads only, except for the calls of the probe. */
export async function observe(context: AwsContext, task: Task, spec: LookedAt): Promise<Observed> {
  if (isEnding(task)) return { state: 'failing', failure: await endOf(context, task, spec) };
  const endpoint = endpointOf(task, spec.port);
  if (!isRunning(task) || endpoint === undefined) return { state: 'waiting' };
  if (!context.memory.addresses.isHome(tenantOf(task))) return waiting(context, spec);
  if (context.options.probe === 'none') return { state: 'serving', endpoint };
  const answer = await probe(endpoint, spec.path, context.signal);
  context.signal.throwIfAborted();
  if (answer.kind === 'answered') return { state: 'serving', endpoint };
  return { ...waiting(context, spec), failure: silenceFailure(spec.port, spec.path, answer) };
}

function waiting({ memory }: AwsContext, { deploymentId }: LookedAt): Observed & { state: 'waiting' } {
  memory.unsettled.mark(deploymentId);
  return { state: 'waiting' };
}

/** Why a task ended, with the last lines of its log. */
export async function endOf(context: AwsContext, task: Task, spec: LookedAt): Promise<Failure> {
  const redact = redactionOf(spec.secrets);
  const lastLines = await lastLinesOf(context, spec.deploymentId, taskIdOf(task), redact);
  return taskFailure({ task: redacted(task, redact), lastLines, memoryMiB: spec.memoryMiB });
}

/** The reasons that ECS gives may quote a variable. They are cut short later, so the variables go first. */
function redacted(task: Task, redact: Redaction): Task {
  const told = (text: string | undefined): string | undefined => (text === undefined ? undefined : redact(text));
  const containers = task.containers?.map((container) => ({ ...container, reason: told(container.reason) }));
  return { ...task, stoppedReason: told(task.stoppedReason), containers };
}
