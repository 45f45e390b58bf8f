// Brings the service of a deployment to a task definition, among other processes that may do the same or something else.
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Endpoint, WorkloadSpec } from '@runlayer/provisioner';
import { pause, within } from '@runlayer/provisioner/driver';
import { type AwsApply, step } from './apply-job.ts';
import { StartFailed } from '../calls/aws-error.ts';
import type { Foundations } from './foundations.ts';
import { Superseded } from './others.ts';
import { isSame } from '../resources/definition.ts';
import { wantedCount } from '../resources/scaling.ts';
import { createService, isServiceCurrent, updateService, type WantedService } from '../resources/service.ts';
import { awaitRollout, primaryOf } from './rollout.ts';
import { isRoleFailure, spreadingFrom } from './rollout-verdict.ts';
import { type Running, readRunning } from '../observation/running.ts';
import { handOver, handoverMs } from './stand-ins.ts';
import { statusOf } from '../observation/status.ts';
import { readTasks } from '../observation/tasks.ts';
import { tryOut } from './trial.ts';

/** What the service is to run. */
export interface Ground extends Foundations {
  /** As it is registered. */
  readonly registered: TaskDefinition;
}

/** A service that runs what is wanted. */
export interface Rolled {
  readonly endpoints: readonly Endpoint[];
  /** The revision that serves. */
  readonly definition: TaskDefinition;
  /** Whether anything had to be done or waited for. */
  readonly isChanged: boolean;
}

/** How often another process may start the wanted state anew while this one waits for it. */
const mostTurns = 5;

/**
 * Rolls. Goes on waiting where another process wants the same and was faster, and begins again where ECS may not use the roles yet.
 *
 * @throws {StartFailed} With the cause.
 * @throws {Superseded} When another process wants another state.
 * @throws {Vanished} When another process has removed the service.
 */
export async function rollAmongOthers(job: AwsApply, spec: WorkloadSpec, first: Running | undefined, ground: Ground): Promise<Rolled> {
  const { options, signal } = job.context;
  const isSpreading = spreadingFrom(performance.now(), options);
  let running = first;
  for (let left = mostTurns; ;) {
    try {
      return await roll(job, spec, running, ground);
    } catch (error) {
      const isUnspread = error instanceof StartFailed && isRoleFailure(error.failure) && isSpreading();
      const isOvertaken = error instanceof Superseded && left > 0;
      if (!isUnspread && !isOvertaken) throw error;
      if (isOvertaken) left -= 1;
      running = await readRunning(job.context, spec.deploymentId);
      if (isOvertaken && (running?.definition === undefined || !isSame(running.definition, ground.definition, true))) throw error;
    }
    await pause(options.pollMs, signal);
  }
}

/** Brings the service to the wanted task definition, in the way that what is there demands. */
async function roll(
  job: AwsApply,
  spec: WorkloadSpec,
  running: Running | undefined,
  { definition, securityGroup, registered: made }: Ground,
): Promise<Rolled> {
  const { context } = job;
  const found = running?.definition;
  const isKept = found !== undefined && isSame(found, definition, true);
  const registered = isKept ? found : made;
  const taskDefinition = registered.taskDefinitionArn ?? '';
  const desiredCount = wantedCount(context, spec, running?.service);
  const wanted: WantedService = { deploymentId: spec.deploymentId, taskDefinition, securityGroup, desiredCount };
  const waitOn = async (service: Service, hasFormer: boolean, earlier?: ReadonlySet<string>): Promise<Rolled> => {
    const endpoints = await waited(job, spec, service, hasFormer, earlier);
    return { endpoints, definition: registered, isChanged: true };
  };
  if (running === undefined || running.service.status !== 'ACTIVE') {
    step(job, 'create', 'Creates the service.');
    return waitOn(await createService(context, wanted), false);
  }
  const { state, endpoints } = await statusOf(context, spec.deploymentId, running);
  if (isKept && isServiceCurrent(running.service, wanted, context)) {
    const isAtIt = running.primary?.rolloutState !== 'FAILED' && (state === 'starting' || running.primary?.rolloutState === 'IN_PROGRESS');
    if (state === 'serving' && !isAtIt) return kept(job, endpoints, registered);
    if (isAtIt) return waitOn(running.service, true);
    step(job, 'restart', 'Starts its tasks anew.');
    const earlier = new Set((await readTasks(context, spec.deploymentId, 'all')).map(({ taskArn = '' }) => taskArn));
    return waitOn(await updateService(context, wanted, true), false, earlier);
  }
  if (state === 'serving') await handOver(job, spec, taskDefinition, await tryOut(job, spec, wanted));
  step(job, 'update', 'Rolls the service to the new task definition.');
  return waitOn(await updateService(context, wanted), state === 'serving');
}

function kept(job: AwsApply, endpoints: readonly Endpoint[], definition: TaskDefinition): Rolled {
  step(job, 'keep', 'What runs is what is wanted.');
  return { endpoints, definition, isChanged: false };
}

/** Waits on the rollout that a service is at. */
export async function waited(
  job: AwsApply,
  spec: WorkloadSpec,
  service: Service,
  hasFormer: boolean,
  earlier?: ReadonlySet<string>,
): Promise<readonly Endpoint[]> {
  step(job, 'start', 'Waits until its tasks answer.');
  let switched: Promise<void> = Promise.resolve();
  const onServing = (endpoints: readonly Endpoint[]): void => {
    switched = job.emit({ type: 'step', step: 'switch', message: 'The tasks of the service serve.', endpoints });
  };
  const endpoints = await awaitRollout(job, spec, primaryOf(service), onServing, earlier);
  // What stood in for them is ended next.
  if (hasFormer) await within(switched, handoverMs, job.context.signal);
  return endpoints;
}
