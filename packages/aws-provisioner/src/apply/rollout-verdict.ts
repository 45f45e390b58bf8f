// Judges a rollout by one look at it: whether it goes on, has failed, or is another process's affair now.
import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import type { Failure, WorkloadSpec } from '@runlayer/provisioner';
import { spreadingMs, StartFailed } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { endOf } from '../observation/observation.ts';
import type { Settings } from '../options.ts';
import { Superseded, Vanished } from './others.ts';
import { placementFailure, taskFailure } from '../observation/task-failure.ts';
import { isEnding } from '../observation/tasks.ts';

/** What was seen of a rollout at one time. */
export interface Sight {
  readonly service: Service | undefined;
  /** The rollout itself, where the service tells of it. */
  readonly mine: Deployment | undefined;
  /** The rollout the service is at. */
  readonly primary: Deployment | undefined;
  /** Tasks of the rollout. */
  readonly tasks: readonly Task[];
}

/** Remembers what a verdict needs of earlier looks. */
export interface Verdict {
  /**
   * @throws {StartFailed} When the rollout failed or was rolled back, or its tasks end.
   * @throws {Superseded} When another process has started another rollout.
   * @throws {Vanished} When another process has removed the service.
   */
  demandGoesOn(sight: Sight): Promise<void>;
}

/** So many tasks that AWS could not start, each with a fault that may pass, end a rollout. */
const mostMisstarts = 3;

/** So many looks in a row have to show no service, as a single one may come from a server of ECS that lags. */
const mostLooksWithout = 5;

/** Begins to judge a rollout that was started just now. */
export function createVerdict(context: AwsContext, spec: WorkloadSpec, rollout: Deployment | undefined): Verdict {
  const isSpreading = spreadingFrom(performance.now(), context.options);
  let wasSeen = false;
  let looksWithout = 0;
  return {
    async demandGoesOn({ service, mine, primary, tasks }) {
      const ended = tasks.filter((task) => isEnding(task) && !isOrderly(task));
      const exited = ended.find((task) => task.containers?.some(({ exitCode }) => exitCode !== undefined));
      const isOver = mine !== undefined && (mine.status !== 'PRIMARY' || mine.rolloutState === 'FAILED');
      const counted = isSpreading() ? ended.filter((task) => !isUnspread(task)) : ended;
      const judged = exited ?? (isOver ? ended[0] : counted.length >= mostMisstarts ? counted[0] : undefined);
      if (judged !== undefined) throw new StartFailed(await endOf(context, judged, spec));
      if (mine?.rolloutState === 'FAILED') throw new StartFailed(placementFailure(mine.rolloutStateReason ?? complaintOf(service, mine)));
      // A server of ECS that lags shows what was before: only a rollout that was started later tells of another process.
      if (isOver || (service !== undefined && mine === undefined && isLater(primary, rollout))) throw new Superseded();
      wasSeen ||= mine !== undefined;
      looksWithout = service === undefined || service.status !== 'ACTIVE' ? looksWithout + 1 : 0;
      if (wasSeen && looksWithout >= mostLooksWithout) throw new Vanished();
    },
  };
}

function isLater(one: Deployment | undefined, other: Deployment | undefined): boolean {
  return (one?.createdAt?.getTime() ?? 0) > (other?.createdAt?.getTime() ?? 0);
}

/** ECS ended it by itself, to scale or to roll: no fault of the task. */
export function isOrderly(task: Task): boolean {
  return task.stopCode === 'ServiceSchedulerInitiated' || task.stopCode === 'SpotInterruption';
}

/** Tells whether what was made at a time, such as a role, may still be unknown where tasks are started. */
export function spreadingFrom(begun: number, { settleTimeoutMs }: Pick<Settings, 'settleTimeoutMs'>): () => boolean {
  const bound = Math.min(spreadingMs, settleTimeoutMs);
  return () => performance.now() - begun < bound;
}

/** Whether AWS could not start a task for want of a permission: so it is while roles and their policies have not spread. */
export function isUnspread(task: Task): boolean {
  const said = [task.stoppedReason, ...(task.containers ?? []).map(({ reason }) => reason)].join(' ');
  const hasRun = task.containers?.some(({ exitCode }) => exitCode !== undefined) === true;
  return !hasRun && (/AccessDenied|not authorized to perform/i.test(said) || isRoleFailure(taskFailure({ task, lastLines: [] })));
}

/** Whether a start failed since ECS may not use a role. */
export function isRoleFailure({ code }: Failure): boolean {
  return code === 'role_not_assumable';
}

/** What ECS says of a rollout that brings no task; its events of earlier times are about others. */
export function complaintOf(service: Service | undefined, rollout: Deployment | undefined): string {
  const since = rollout?.createdAt?.getTime() ?? 0;
  const said = service?.events?.find(({ message = '', createdAt }) => (createdAt?.getTime() ?? 0) >= since && /unable|fail/i.test(message));
  return said?.message ?? 'The task did not start in time';
}

/** The failure that a rollout without any task has, should it stay like this. */
export function placementOf({ service, mine, tasks }: Sight): Failure | undefined {
  const complaint = complaintOf(service, mine);
  const isWithout = mine !== undefined && !tasks.some((task) => !isEnding(task));
  return isWithout && /unable|fail/i.test(complaint) ? placementFailure(complaint) : undefined;
}
