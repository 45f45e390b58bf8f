// The verb `status`: looks at the tasks of a deployment, and asks them.
import type { Task } from '@aws-sdk/client-ecs';
import type { Endpoint, Failure, Outputs, WorkloadSpec, WorkloadStatus } from '@runlayer/provisioner';
import type { AwsContext } from '../calls/context.ts';
import { endOf, observe, type Observed } from './observation.ts';
import { readDefinition } from '../resources/definition.ts';
import { tasksOf } from '../apply/rollout.ts';
import { complaintOf, isOrderly } from '../apply/rollout-verdict.ts';
import { deployedSpec, type Running, readRunning } from './running.ts';
import { withStandIns } from '../apply/stand-ins.ts';
import { placementFailure } from './task-failure.ts';
import { isEnding, isRunning, readTasks } from './tasks.ts';
import { labelOf } from '../definition/task-definition.ts';

/** Looks at a deployment, and at what stands in for its tasks. */
export async function statusOnAws(context: AwsContext, deploymentId: string): Promise<WorkloadStatus> {
  const running = await readRunning(context, deploymentId);
  return withStandIns(context, running, await statusOf(context, deploymentId, running));
}

/** Looks at the tasks of what was read. */
export async function statusOf(context: AwsContext, deploymentId: string, running: Running | undefined): Promise<WorkloadStatus> {
  const seen = { endpoints: [], outputs: {}, observedAt: context.options.clock().toISOString() };
  if (running === undefined || running.service.status !== 'ACTIVE')
    return { ...seen, state: running === undefined ? 'absent' : 'starting' };
  const outputs = outputsOf(context, running);
  if (running.spec === undefined) return { ...seen, outputs, state: 'failing', failure: unreadable };
  const tasks = await readTasks(context, deploymentId, 'all');
  const mine = tasksOf(tasks, running.primary);
  const looks = await lookAtAll(context, mine, running.spec);
  const endpoints = servingIn(looks);
  const former = await formerTasks(context, running, tasks);
  if (endpoints.length > 0) {
    const draining = former.flatMap(({ endpoint }) => endpoint);
    return {
      ...seen,
      outputs,
      state: 'serving',
      releaseId: running.spec.releaseId,
      endpoints,
      ...(draining.length === 0 ? {} : { draining }),
    };
  }
  const [kept] = former;
  if (kept !== undefined)
    return { ...seen, outputs, state: 'serving', releaseId: kept.releaseId, endpoints: former.map(({ endpoint }) => endpoint) };
  return { ...seen, outputs, ...(await withoutTasks(context, running, running.spec, mine, looks)) };
}

const unreadable: Failure = {
  code: 'engine_error',
  message: 'The task definition of the service is not one of ours, so what it should be is not known.',
  fix: 'Deploy again.',
  evidence: {},
};

/** What was made for a deployment that callers want to know. */
export function outputsOf(_context: AwsContext, { definition }: Pick<Running, 'definition'>): Outputs {
  const variables = definition?.containerDefinitions?.[0]?.environment ?? [];
  const table = variables.find(({ name }) => name === 'DB_TABLE_NAME')?.value;
  return {
    ...(definition?.taskRoleArn === undefined ? {} : { taskRoleArn: definition.taskRoleArn }),
    ...(table === undefined ? {} : { tableName: table }),
  };
}

function lookAtAll(context: AwsContext, tasks: readonly Task[], spec: WorkloadSpec): Promise<Observed[]> {
  return Promise.all(tasks.filter((task) => !isEnding(task)).map((task) => observe(context, task, spec)));
}

function servingIn(looks: readonly Observed[]): Endpoint[] {
  return looks.flatMap((look) => (look.state === 'serving' ? [look.endpoint] : []));
}

interface Former {
  readonly releaseId: string;
  readonly endpoint: Endpoint;
}

/** Tasks of earlier rollouts that still run and answer. */
async function formerTasks(context: AwsContext, { service, primary }: Running, tasks: readonly Task[]): Promise<Former[]> {
  const found: Former[] = [];
  for (const rollout of service.deployments ?? []) {
    const theirs = tasksOf(tasks, rollout).filter(isRunning);
    if (rollout.id === primary?.id || theirs.length === 0) continue;
    const definition = await readDefinition(context, rollout.taskDefinition ?? '');
    const spec = await deployedSpec(context, definition);
    if (definition === undefined || spec === undefined) continue;
    const releaseId = labelOf(definition, 'release') ?? '';
    for (const endpoint of servingIn(await lookAtAll(context, theirs, spec))) found.push({ releaseId, endpoint });
  }
  return found;
}

async function withoutTasks(
  context: AwsContext,
  { service, primary }: Running,
  spec: WorkloadSpec,
  tasks: readonly Task[],
  looks: readonly Observed[],
): Promise<Pick<WorkloadStatus, 'state' | 'failure'>> {
  const now = context.options.clock().getTime();
  const ended = tasks.filter((task) => isEnding(task) && !isOrderly(task));
  const silent = looks.find((look) => look.state === 'waiting' && look.failure !== undefined) as { failure?: Failure } | undefined;
  const isFresh = tasks.some((task) => !isEnding(task) && now - (task.startedAt?.getTime() ?? now) < context.options.healthTimeoutMs);
  if (ended.length > 0) return { state: 'failing', failure: await endOf(context, newest(ended), spec) };
  if (isFresh) return { state: 'starting', failure: silent?.failure };
  if (silent?.failure !== undefined) return { state: 'failing', failure: silent.failure };
  const isYoung = now - (primary?.createdAt?.getTime() ?? 0) < context.options.rolloutTimeoutMs && primary?.rolloutState !== 'COMPLETED';
  return { state: isYoung ? 'starting' : 'failing', failure: placementFailure(complaintOf(service, primary)) };
}

function newest(tasks: readonly Task[]): Task {
  return [...tasks].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0]!;
}
