// Looks at one task once: does it serve, is it starting, or why does it fail?
import type { Task } from '@aws-sdk/client-ecs';
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { probe, redactionOf } from '@runlayer/provisioner/driver';
import type { AwsContext } from './context.ts';
import { lastLinesOf } from './log-streams.ts';
import { silenceFailure } from './silence-failure.ts';
import { taskFailure } from './task-failure.ts';
import { endpointOf, isEnding, isRunning, taskIdOf } from './tasks.ts';

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
  if (context.options.probe === 'none') return { state: 'serving', endpoint };
  const answer = await probe(endpoint, spec.path, context.signal);
  context.signal.throwIfAborted();
  if (answer.kind === 'answered') return { state: 'serving', endpoint };
  return { state: 'waiting', failure: silenceFailure(spec.port, spec.path, answer) };
}

/** Why a task ended, with the last lines of its log. */
export async function endOf(context: AwsContext, task: Task, spec: LookedAt): Promise<Failure> {
  const lastLines = await lastLinesOf(context, spec.deploymentId, taskIdOf(task), redactionOf(spec.secrets));
  return redacted(taskFailure({ task, lastLines, memoryMiB: spec.memoryMiB }), spec);
}

/** The reason that ECS gives may quote a variable. */
function redacted(failure: Failure, spec: LookedAt): Failure {
  return { ...failure, message: redactionOf(spec.secrets)(failure.message) };
}
