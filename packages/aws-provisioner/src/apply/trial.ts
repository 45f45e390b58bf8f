// Runs the new task once beside the serving ones, before the service is told of it: a rollout of ECS ends the former tasks
// as soon as the new ones run, whether they answer or not.
import { randomUUID } from 'node:crypto';
import { RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { Endpoint, WorkloadSpec } from '@runlayer/provisioner';
import { pause } from '@runlayer/provisioner/driver';
import { type AwsApply, step } from './apply-job.ts';
import { settled, StartFailed } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { lastLinesOf } from '../observation/log-streams.ts';
import { observe } from '../observation/observation.ts';
import { isRemoved, Vanished } from './others.ts';
import { createPatience } from './patience.ts';
import { networkOf, type WantedService } from '../resources/service.ts';
import { outputTeller } from './starting-output.ts';
import { evidenceOf, placementFailure } from '../observation/task-failure.ts';
import { redactionOf } from '@runlayer/provisioner/driver';
import { lowerTagList } from '../tags.ts';
import { describeTasks, isEnding, readTasks, stopTasks, taskIdOf } from '../observation/tasks.ts';

/** By this mark a trial is told from a task of the service. */
const trialMark = 'runlayer-trial';

/** Trials that run, of this apply or of one that was killed. */
export function trialsOf(tasks: readonly Task[]): Task[] {
  return tasks.filter((task) => task.startedBy === trialMark && !isEnding(task));
}

/** So many tasks ECS starts with one call. */
const mostCopies = 10;

/**
 * Starts the task definition as tasks of their own, and waits until they serve. They go on until {@link endTrials}.
 * @param copies How many the service is to run: they stand in for it.
 * @throws {StartFailed} With the cause; then the tasks are stopped too.
 */
export async function tryOut(
  job: AwsApply,
  spec: WorkloadSpec,
  { taskDefinition, securityGroup, desiredCount }: Pick<WantedService, 'taskDefinition' | 'securityGroup' | 'desiredCount'>,
): Promise<Endpoint[]> {
  const { context } = job;
  const begun = trialsOf(await readTasks(context, spec.deploymentId));
  const same = begun.filter((task) => task.taskDefinitionArn === taskDefinition);
  await stopTasks(
    context,
    begun.filter((task) => !same.includes(task)),
    'The trial of another release.',
  );
  const missing = Math.min(desiredCount, mostCopies) - same.length;
  if (missing > 0) step(job, 'trial', 'Starts the new release beside the one that serves.');
  const fresh = missing > 0 ? await start(context, spec.deploymentId, taskDefinition, securityGroup, missing) : [];
  const tasks = [...same, ...fresh];
  try {
    return await Promise.all(tasks.map((task) => untilServing(job, spec, task)));
  } catch (error) {
    if (error instanceof StartFailed) await stopTasks(context, tasks, 'It does not serve.');
    throw error;
  }
}

/** Stops the trials of a deployment; callers go back to its tasks first. */
export async function endTrials(context: AwsContext, deploymentId: string): Promise<void> {
  context.memory.takeBack(deploymentId);
  await stopTasks(context, trialsOf(await readTasks(context, deploymentId)), 'The trial is over.');
}

async function start(
  context: AwsContext,
  deploymentId: string,
  taskDefinition: string,
  securityGroup: string,
  count: number,
): Promise<Task[]> {
  const { clients, options, tags, signal } = context;
  const command = new RunTaskCommand({
    cluster: options.cluster,
    taskDefinition,
    count,
    launchType: 'FARGATE',
    networkConfiguration: networkOf(options.subnets, securityGroup),
    startedBy: trialMark,
    tags: lowerTagList(tags(deploymentId)),
    enableECSManagedTags: true,
    clientToken: randomUUID(),
  });
  const { tasks = [], failures = [] } = await settled(context, () => clients.ecs.send(command, { abortSignal: signal })).catch(
    (error: unknown) => {
      throw isRemoved(error) ? new Vanished() : error;
    },
  );
  if (tasks[0] === undefined) throw new StartFailed(placementFailure(failures[0]?.reason ?? ''));
  return tasks;
}

async function untilServing(job: AwsApply, spec: WorkloadSpec, { taskArn = '' }: Task): Promise<Endpoint> {
  const { context } = job;
  const { options, signal } = context;
  const deadline = performance.now() + options.rolloutTimeoutMs;
  const patience = createPatience(options);
  const tell = outputTeller(job, spec);
  for (;;) {
    const [task] = await describeTasks(context, [taskArn]);
    if (task !== undefined) {
      await tell([task]);
      const seen = await observe(context, task, spec);
      if (seen.state === 'serving') return seen.endpoint;
      if (seen.state === 'failing') throw new StartFailed(seen.failure);
      if (seen.failure !== undefined && patience.isOver(seen.failure)) {
        const lines = await lastLinesOf(context, spec.deploymentId, taskIdOf(task), redactionOf(spec.secrets));
        throw new StartFailed({ ...seen.failure, evidence: { ...seen.failure.evidence, ...evidenceOf(lines) } });
      }
    }
    if (performance.now() >= deadline) throw new StartFailed(placementFailure('The task did not start in time'));
    await pause(options.pollMs, signal);
  }
}
