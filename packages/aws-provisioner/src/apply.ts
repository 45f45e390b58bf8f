// The story of a deployment on AWS: checks, foundations, task definition, trial, rollout, and nothing left behind.
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import { type AwsApply, step } from './apply-job.ts';
import { StartFailed } from './aws-error.ts';
import { type Foundations, closeFormerPorts, ensureFoundations } from './foundations.ts';
import { imageFailure } from './registry-image.ts';
import { demandPlatform, specFailure } from './preflight.ts';
import { prune } from './prune.ts';
import { ensureDefinition, isSame } from './resources/definition.ts';
import { createService, isServiceCurrent, removeService, updateService, type WantedService } from './resources/service.ts';
import { ensureScaling, wantedCount } from './resources/scaling.ts';
import { awaitRollout, primaryOf, Superseded } from './rollout.ts';
import { type Running, readRunning } from './running.ts';
import { outputsOf, statusOf, statusOnAws } from './status.ts';
import { readTasks } from './tasks.ts';
import { endTrials, tryOut } from './trial.ts';

/** Makes the wanted state true and emits how it went, the last event included. */
export async function applyOnAws(job: AwsApply, spec: WorkloadSpec): Promise<void> {
  const { context, emit } = job;
  try {
    const endpoints = await converge(job, spec);
    const outputs = outputsOf(context, (await readRunning(context, spec.deploymentId)) ?? { definition: undefined });
    void emit({ type: 'serving', endpoints, outputs, message: `Serving on port ${spec.port}.` });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof StartFailed)) throw error;
    const { state, releaseId } = await statusOnAws(context, spec.deploymentId);
    void emit({ type: 'failed', failure: error.failure, stillServing: state === 'serving' ? releaseId : undefined });
  }
}

async function converge(job: AwsApply, spec: WorkloadSpec): Promise<readonly Endpoint[]> {
  const { context } = job;
  context.signal.throwIfAborted();
  const blocker = specFailure(spec) ?? (await checked(job, spec));
  if (blocker !== undefined) throw new StartFailed(blocker);
  const running = await readRunning(context, spec.deploymentId);
  const foundations = await ensureFoundations(job, spec, running);
  try {
    const endpoints = await rollAmongOthers(job, spec, running, foundations);
    await endTrials(context, spec.deploymentId);
    await ensureScaling(context, spec);
    await closeFormerPorts(context, spec);
    await prune(context, spec.deploymentId);
    return endpoints;
  } catch (error) {
    if (error instanceof StartFailed) await withdraw(job, spec, running, foundations);
    throw error instanceof Superseded ? new StartFailed(replaced) : error;
  }
}

const replaced: Failure = {
  code: 'cancelled',
  message: 'Another process deploys another state at the same time.',
  fix: 'See which of the two should serve, and deploy that one.',
  evidence: {},
};

/** How often another process may start the wanted state anew while this one waits for it. */
const mostTurns = 5;

/** Rolls, and goes on waiting where another process wants the same and was faster. */
async function rollAmongOthers(
  job: AwsApply,
  spec: WorkloadSpec,
  first: Running | undefined,
  foundations: Foundations,
): Promise<readonly Endpoint[]> {
  let running = first;
  for (let left = mostTurns; ; left -= 1) {
    try {
      return await roll(job, spec, running, foundations);
    } catch (error) {
      if (!(error instanceof Superseded) || left === 0) throw error;
      running = await readRunning(job.context, spec.deploymentId);
      if (running?.definition === undefined || !isSame(running.definition, foundations.definition, true)) throw error;
    }
  }
}

async function checked({ context }: AwsApply, spec: WorkloadSpec): Promise<Failure | undefined> {
  await demandPlatform(context);
  return imageFailure(context, spec);
}

/** Brings the service to the wanted task definition, in the way that what is there demands. */
async function roll(
  job: AwsApply,
  spec: WorkloadSpec,
  running: Running | undefined,
  { definition, securityGroup }: Foundations,
): Promise<readonly Endpoint[]> {
  const { context } = job;
  const found = running?.definition;
  const isKept = found !== undefined && isSame(found, definition, true);
  const registered = isKept ? found : await ensureDefinition(context, definition);
  const taskDefinition = registered.taskDefinitionArn ?? '';
  const desiredCount = wantedCount(context, spec, running?.service);
  const wanted: WantedService = { deploymentId: spec.deploymentId, taskDefinition, securityGroup, desiredCount };
  if (running === undefined || running.service.status !== 'ACTIVE') {
    step(job, 'create', 'Creates the service.');
    return waited(job, spec, await createService(context, wanted), false);
  }
  const { state, endpoints } = await statusOf(context, spec.deploymentId, running);
  if (isKept && isServiceCurrent(running.service, wanted, context)) {
    const isAtIt = state === 'starting' || running.primary?.rolloutState === 'IN_PROGRESS';
    if (state === 'serving' && !isAtIt) return kept(job, endpoints);
    if (isAtIt) return waited(job, spec, running.service, true);
    step(job, 'restart', 'Starts its tasks anew.');
    const earlier = new Set((await readTasks(context, spec.deploymentId, 'all')).map(({ taskArn = '' }) => taskArn));
    return waited(job, spec, await updateService(context, wanted, true), false, earlier);
  }
  if (state === 'serving') await tryOut(job, spec, taskDefinition, securityGroup);
  step(job, 'update', 'Rolls the service to the new task definition.');
  return waited(job, spec, await updateService(context, wanted), state === 'serving');
}

function kept(job: AwsApply, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  step(job, 'keep', 'What runs is what is wanted.');
  return endpoints;
}

async function waited(
  job: AwsApply,
  spec: WorkloadSpec,
  service: Running['service'],
  hasFormer: boolean,
  earlier?: ReadonlySet<string>,
): Promise<readonly Endpoint[]> {
  step(job, 'start', 'Waits until its tasks answer.');
  const onServing = (endpoints: readonly Endpoint[]): void => {
    const message = hasFormer ? 'The new tasks serve; ECS stops the former ones.' : 'The tasks serve.';
    void job.emit({ type: 'step', step: 'switch', message, endpoints });
  };
  return awaitRollout(job, spec, primaryOf(service)?.id ?? '', onServing, earlier);
}

/**
 * Takes back what a failed start has made. A service that served before goes back to its task definition; one that was made for
 * this start goes. The roles stay either way: customers' trust policies may name them already.
 */
async function withdraw(job: AwsApply, spec: WorkloadSpec, running: Running | undefined, { securityGroup }: Foundations): Promise<void> {
  const { context } = job;
  const { deploymentId } = spec;
  await endTrials(context, deploymentId);
  const now = await readRunning(context, deploymentId);
  if (running === undefined) {
    step(job, 'withdraw', 'Removes the service that does not start.');
    await removeService(context, deploymentId);
  } else if (now !== undefined && now.service.taskDefinition !== running.service.taskDefinition && running.spec !== undefined) {
    step(job, 'withdraw', 'Goes back to the release before.');
    const { taskDefinition = '', desiredCount = 1 } = running.service;
    const back = await updateService(context, { deploymentId, taskDefinition, securityGroup, desiredCount });
    // How it ends, the status tells that is read next; the cause to report is the first one.
    await waited(job, running.spec, back, true).catch((error: unknown) => {
      if (!(error instanceof StartFailed)) throw error;
    });
  }
  await prune(context, deploymentId);
}
