// Waits on the very rollout that was started, by its id and with a deadline of our own. A service that is stable says nothing:
// after a rollback it is stable too.
import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { pause, redactionOf } from '@runlayer/provisioner/driver';
import type { AwsApply } from './apply-job.ts';
import { StartFailed } from '../calls/aws-error.ts';
import { lastLinesOf } from '../observation/log-streams.ts';
import { type Observed, observe } from '../observation/observation.ts';
import { createPatience, type Patience } from './patience.ts';
import { readService } from '../resources/service.ts';
import { complaintOf, createVerdict, placementOf, type Sight, type Verdict } from './rollout-verdict.ts';
import { outputTeller } from './starting-output.ts';
import { evidenceOf, placementFailure } from '../observation/task-failure.ts';
import { isEnding, readTasks, taskIdOf } from '../observation/tasks.ts';

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

/**
 * Waits until the rollout has the wanted number of tasks that serve, and is complete.
 *
 * @param onServing Told once, as soon as the tasks serve; the former ones may still drain.
 * @param earlier ARNs of tasks of the same revision that were there before the rollout.
 * @throws {StartFailed} With the cause.
 * @throws {Superseded} When another process has started another rollout.
 * @throws {Vanished} When another process has removed the service.
 */
export async function awaitRollout(
  job: AwsApply,
  spec: WorkloadSpec,
  rollout: Deployment | undefined,
  onServing: (endpoints: readonly Endpoint[]) => void,
  earlier: ReadonlySet<string> = new Set(),
): Promise<readonly Endpoint[]> {
  const { options, signal } = job.context;
  const deadline = performance.now() + options.rolloutTimeoutMs;
  const verdict = createVerdict(job.context, spec, rollout);
  const watched: Watched = { job, spec, verdict, patience: createPatience(options), tell: outputTeller(job, spec), rollout, earlier };
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
  readonly rollout: Deployment | undefined;
  readonly earlier: ReadonlySet<string>;
  readonly verdict: Verdict;
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
  const { job, spec } = watched;
  const sight = await sightOf(watched);
  const { service, primary, tasks } = sight;
  await watched.tell(tasks);
  await watched.verdict.demandGoesOn(sight);
  const observed = await Promise.all(tasks.filter((task) => !isEnding(task)).map((task) => observe(job.context, task, spec)));
  const endpoints = observed.flatMap((seen) => (seen.state === 'serving' ? [seen.endpoint] : []));
  const failure = silenceOf(observed) ?? placementOf(sight);
  if (failure !== undefined && watched.patience.isOver(failure)) throw new StartFailed(await withLines(watched, tasks, failure));
  const isComplete = primary?.rolloutState === undefined || primary.rolloutState === 'COMPLETED';
  const isEnough = endpoints.length > 0 && endpoints.length >= (service?.desiredCount ?? 1);
  return { ...(isEnough ? { endpoints } : {}), isComplete, failure, lastEvent: complaintOf(service, sight.mine) };
}

async function sightOf({ job, spec, rollout, earlier }: Watched): Promise<Sight> {
  const service = await readService(job.context, spec.deploymentId);
  const mine = service?.deployments?.find(({ id }) => id === rollout?.id);
  const all = mine === undefined ? [] : tasksOf(await readTasks(job.context, spec.deploymentId, 'all'), mine);
  const primary = service === undefined ? undefined : primaryOf(service);
  return { service, mine, primary, tasks: all.filter(({ taskArn = '' }) => !earlier.has(taskArn)) };
}

function silenceOf(observed: readonly Observed[]): Failure | undefined {
  return observed.flatMap((seen) => (seen.state !== 'serving' && seen.failure !== undefined ? [seen.failure] : []))[0];
}

async function withLines({ job, spec }: Watched, tasks: readonly Task[], failure: Failure): Promise<Failure> {
  const task = tasks.find((candidate) => !isEnding(candidate));
  if (task === undefined) return failure;
  const lines = await lastLinesOf(job.context, spec.deploymentId, taskIdOf(task), redactionOf(spec.secrets));
  return { ...failure, evidence: { ...failure.evidence, ...evidenceOf(lines) } };
}
