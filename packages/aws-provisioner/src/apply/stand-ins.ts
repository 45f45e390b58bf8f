// What serves between the former tasks and the new ones. ECS ends the former ones as soon as the new ones run, whether these listen yet
// and whether anybody still calls the others: so callers go to the trials before ECS is told, and from there to the new tasks.
import type { Endpoint, WorkloadSpec, WorkloadStatus } from '@runlayer/provisioner';
import { within } from '@runlayer/provisioner/driver';
import type { AwsApply } from './apply-job.ts';
import type { AwsContext } from '../calls/context.ts';
import { observe } from '../observation/observation.ts';
import type { Running } from '../observation/running.ts';
import { readTasks } from '../observation/tasks.ts';
import { trialsOf } from './trial.ts';

/** How long callers may take to go elsewhere before those they have left are ended, as the port promises. */
export const handoverMs = 120_000;

/** Sends callers to the trials; resolves once the reader of the events has let go of the former tasks. */
export async function handOver(job: AwsApply, spec: WorkloadSpec, taskDefinition: string, endpoints: readonly Endpoint[]): Promise<void> {
  const { memory, signal } = job.context;
  memory.standIns.set(spec.deploymentId, { taskDefinition, spec });
  const switched = job.emit({ type: 'step', step: 'switch', message: 'The new release serves; the former tasks may go.', endpoints });
  await within(switched, handoverMs, signal);
}

/** A status with the trials in it: instead of the tasks while callers are with the trials, and wherever none of the tasks serves. */
export async function withStandIns(context: AwsContext, running: Running | undefined, status: WorkloadStatus): Promise<WorkloadStatus> {
  if (running?.spec === undefined) return status;
  const handed = context.memory.standIns.get(running.spec.deploymentId);
  if (handed === undefined && status.state === 'serving') return status;
  const { spec, taskDefinition } = handed ?? { spec: running.spec, taskDefinition: running.primary?.taskDefinition };
  const endpoints = await servingTrials(context, spec, taskDefinition);
  if (endpoints.length === 0) return status;
  const { draining = [] } = status;
  const isThere = status.state === 'serving' && running.primary?.taskDefinition === taskDefinition && status.releaseId === spec.releaseId;
  if (isThere) return { ...status, draining: [...draining, ...endpoints] };
  const { failure: _failure, ...rest } = status;
  return { ...rest, state: 'serving', releaseId: spec.releaseId, endpoints, draining: [...status.endpoints, ...draining] };
}

async function servingTrials(context: AwsContext, spec: WorkloadSpec, taskDefinition: string | undefined): Promise<Endpoint[]> {
  const trials = trialsOf(await readTasks(context, spec.deploymentId)).filter((task) => task.taskDefinitionArn === taskDefinition);
  const looks = await Promise.all(trials.map((task) => observe(context, task, spec)));
  return looks.flatMap((look) => (look.state === 'serving' ? [look.endpoint] : []));
}
