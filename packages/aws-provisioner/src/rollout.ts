// Waits on the very rollout that was started, by its id and with a deadline of our own. A service that is stable says nothing:
// after a rollback it is stable too.
import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { pause, redactionOf } from '@runlayer/provisioner/driver';
import type { AwsApply } from './apply-job.ts';
import { StartFailed } from './aws-error.ts';
import { lastLinesOf } from './log-streams.ts';
import { endOf, type Observed, observe } from './observation.ts';
import { createPatience, type Patience } from './patience.ts';
import { readService } from './resources/service.ts';
import { outputTeller } from './starting-output.ts';
import { evidenceOf, placementFailure } from './task-failure.ts';
import { isEnding, readTasks, taskIdOf } from './tasks.ts';

/** The rollout that the service is at. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments?.find(({ status }) => status === 'PRIMARY');
}

/** Tasks of one rollout. ECS names it in `startedBy`; where that is another name, revision and time tell. */
export function tasksOf(tasks: readonly Task[], rollout: Deployment | undefined): Task[] {
  const began = rollout?.createdAt?.getTime() ?? 0;
  return tasks.filter(({ startedBy = '', group = '', taskDefinitionArn, createdAt }) => {
    if (startedBy.startsWith('ecs-svc/')) return startedBy === rollout?.id;
    return group.startsWith('service:') && taskDefinitionArn === rollout?.taskDefinition && (createdAt?.getTime() ?? began) >= began;
  });
}

/** ECS ended it by itself, to scale or to roll: no fault of the task. */
export function isOrderly(task: Task): boolean {
  return task.stopCode === 'ServiceSchedulerInitiated' || task.stopCode === 'SpotInterruption';
}

/** Ends a wait on a rollout that another process has replaced by one of its own. */
export class Superseded extends Error {}

/** So many tasks that AWS could not start, each with a fault that may pass, end a rollout. */
const mostMisstarts = 3;

/**
 * Waits until the rollout has the wanted number of tasks that serve, and is complete.
 *
 * @param onServing Told once, as soon as the tasks serve; the former ones may still drain.
 * @param earlier ARNs of tasks of the same revision that were there before the rollout.
 * @throws {StartFailed} With the cause.
 * @throws {Superseded} When another process has started another rollout.
 */
export async function awaitRollout(
  job: AwsApply,
  spec: WorkloadSpec,
  rollout: string,
  onServing: (endpoints: readonly Endpoint[]) => void,
  earlier: ReadonlySet<string> = new Set(),
): Promise<readonly Endpoint[]> {
  const { options, signal } = job.context;
  const deadline = performance.now() + options.rolloutTimeoutMs;
  const watched: Watched = { job, spec, patience: createPatience(options), tell: outputTeller(job, spec), rollout, earlier };
  let told = false;
  for (;;) {
    const seen = await lookAt(watched);
    if (seen.endpoints !== undefined && !told) onServing(seen.endpoints);
    told ||= seen.endpoints !== undefined;
    if (seen.endpoints !== undefined && seen.isComplete) return seen.endpoints;
    if (performance.now() >= deadline) throw new StartFailed(seen.failure ?? placementFailure(seen.lastEvent));
    await pause(options.pollMs, signal);
  }
}

interface Watched {
  readonly job: AwsApply;
  readonly spec: WorkloadSpec;
  readonly rollout: string;
  readonly earlier: ReadonlySet<string>;
  readonly patience: Patience;
  readonly tell: (tasks: readonly Task[]) => Promise<void>;
}

interface Look {
  /** Set once all wanted tasks serve. */
  readonly endpoints?: readonly Endpoint[] | undefined;
  readonly isComplete: boolean;
  readonly failure?: Failure | undefined;
  readonly lastEvent: string;
}

async function lookAt(watched: Watched): Promise<Look> {
  const { job, spec, rollout } = watched;
  const service = await readService(job.context, spec.deploymentId);
  const mine = service?.deployments?.find(({ id }) => id === rollout);
  const all = mine === undefined ? [] : tasksOf(await readTasks(job.context, spec.deploymentId, 'all'), mine);
  const tasks = all.filter(({ taskArn = '' }) => !watched.earlier.has(taskArn));
  await watched.tell(tasks);
  await demandGoesOn(watched, service, mine, tasks);
  const observed = await Promise.all(tasks.filter((task) => !isEnding(task)).map((task) => observe(job.context, task, spec)));
  const endpoints = observed.flatMap((seen) => (seen.state === 'serving' ? [seen.endpoint] : []));
  const failure = observed.find(
    (seen): seen is Observed & { failure: Failure } => seen.state !== 'serving' && seen.failure !== undefined,
  )?.failure;
  if (failure !== undefined && watched.patience.isOver(failure)) throw new StartFailed(await withLines(watched, tasks, failure));
  const primary = service === undefined ? undefined : primaryOf(service);
  const isComplete = primary?.rolloutState === undefined || primary.rolloutState === 'COMPLETED';
  const isEnough = endpoints.length > 0 && endpoints.length >= (service?.desiredCount ?? 1);
  return { ...(isEnough ? { endpoints } : {}), isComplete, failure, lastEvent: lastEventOf(service) };
}

/** @throws {StartFailed} When the rollout failed or was rolled back, or its tasks end. */
async function demandGoesOn(
  { job, spec }: Watched,
  service: Service | undefined,
  mine: Deployment | undefined,
  tasks: readonly Task[],
): Promise<void> {
  const ended = tasks.filter((task) => isEnding(task) && !isOrderly(task));
  const exited = ended.find((task) => task.containers?.some(({ exitCode }) => exitCode !== undefined));
  const isOver = mine === undefined || mine.status !== 'PRIMARY' || mine.rolloutState === 'FAILED';
  const judged = exited ?? (isOver || ended.length >= mostMisstarts ? ended[0] : undefined);
  if (judged !== undefined) throw new StartFailed(await endOf(job.context, judged, spec));
  if (mine?.rolloutState === 'FAILED') throw new StartFailed(placementFailure(mine.rolloutStateReason ?? lastEventOf(service)));
  // Right after its creation a service may not be seen yet.
  if (service !== undefined && isOver) throw new Superseded();
}

async function withLines({ job, spec }: Watched, tasks: readonly Task[], failure: Failure): Promise<Failure> {
  const task = tasks.find((candidate) => !isEnding(candidate));
  if (task === undefined) return failure;
  const lines = await lastLinesOf(job.context, spec.deploymentId, taskIdOf(task), redactionOf(spec.secrets));
  return { ...failure, evidence: { ...failure.evidence, ...evidenceOf(lines) } };
}

function lastEventOf(service: Service | undefined): string {
  return service?.events?.[0]?.message ?? 'The task did not start in time';
}
