// The story of a deployment on AWS: checks, foundations, task definition, trial, rollout, and nothing left behind.
import type { Endpoint, Failure, WorkloadSpec } from '@runlayer/provisioner';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { pause, withoutShadowed } from '@runlayer/provisioner/driver';
import { type AwsApply, step } from './apply-job.ts';
import { isNotFound, StartFailed } from '../calls/aws-error.ts';
import type { AwsContext } from '../calls/context.ts';
import { closeFormerPorts, ensureFoundations, type Foundations, keepSharedImage, readFoundations } from './foundations.ts';
import { Superseded, Vanished } from './others.ts';
import { demandPlatform, specFailure } from './preflight.ts';
import { prune } from './prune.ts';
import { findImage } from '../image/registry-image.ts';
import { ensureDefinition, isDeregistered, isSame } from '../resources/definition.ts';
import { ensureScaling } from '../resources/scaling.ts';
import { type Ground, rollAmongOthers } from './roll.ts';
import { type Running, readRunning, readRunningDefinition } from '../observation/running.ts';
import { outputsOf, statusOnAws } from '../observation/status.ts';
import { endTrials } from './trial.ts';
import { withdraw } from './withdraw.ts';

/** Makes the wanted state true and emits how it went, the last event included. */
export async function applyOnAws(job: AwsApply, spec: WorkloadSpec): Promise<void> {
  const { context, emit } = job;
  try {
    const endpoints = await converge(job, spec);
    const outputs = outputsOf(context, { definition: await readRunningDefinition(context, spec.deploymentId) });
    void emit({ type: 'serving', endpoints, outputs, message: `Serving on port ${spec.port}.` });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof StartFailed)) throw error;
    const { state, releaseId } = await statusOnAws(context, spec.deploymentId);
    void emit({ type: 'failed', failure: error.failure, stillServing: state === 'serving' ? releaseId : undefined });
  }
}

/** How often an apply begins again where another process removes what it makes. */
const mostBeginnings = 3;

async function converge(job: AwsApply, given: WorkloadSpec): Promise<readonly Endpoint[]> {
  job.context.signal.throwIfAborted();
  const spec = await demandRunnable(job, withoutShadowed(given));
  const before = await readRunning(job.context, spec.deploymentId);
  for (let left = mostBeginnings; ; left -= 1) {
    try {
      return await attempt(job, spec, before, left);
    } catch (error) {
      if (!(error instanceof Vanished)) throw error;
      step(job, 'again', 'Begins again, since another process removes parts of it.');
    }
  }
}

async function attempt(job: AwsApply, spec: WorkloadSpec, before: Running | undefined, left: number): Promise<readonly Endpoint[]> {
  const { context } = job;
  const isAgain = left < mostBeginnings;
  const running = isAgain ? await readRunning(context, spec.deploymentId) : before;
  const foundations = await ensureFoundations(job, spec, running).catch((error: unknown) => vanished(error, left));
  const ground: Ground = { ...foundations, registered: await registeredFor(context, running, foundations) };
  try {
    const { endpoints, definition, isChanged } = await rollAmongOthers(job, spec, running, ground);
    await endTrials(context, spec.deploymentId);
    await ensureScaling(context, spec);
    await closeFormerPorts(context, spec);
    await prune(context, spec.deploymentId, { definition, isServing: true });
    if (isChanged || isAgain) await demandWhole(context, spec);
    return endpoints;
  } catch (error) {
    const ending = error instanceof Vanished && left === 0 ? new StartFailed(removed) : error;
    if (ending instanceof StartFailed) await withdraw(job, spec, before, ground);
    throw ending instanceof Superseded ? new StartFailed(replaced) : ending;
  }
}

/** What was there, or was made, just now, and stays unknown to AWS, has been removed since. */
function vanished(error: unknown, left: number): never {
  if (!isNotFound(error)) throw error;
  throw left === 0 ? new StartFailed(removed) : new Vanished();
}

async function registeredFor(context: AwsContext, running: Running | undefined, { definition }: Foundations): Promise<TaskDefinition> {
  const found = running?.definition;
  return found !== undefined && isSame(found, definition, true) ? found : ensureDefinition(context, definition);
}

/** How often a service that is not to be seen is looked for. */
const mostLooks = 4;

/**
 * Looks once more at everything: a destroy by another process may have passed what was made after it, and taken what was made before.
 * @throws {Vanished} When something is missing that can be made again.
 * @throws {StartFailed} When the image is missing, which cannot.
 */
async function demandWhole(context: AwsContext, spec: WorkloadSpec): Promise<void> {
  if (!(await keepSharedImage(context, spec))) throw new StartFailed(imageRemoved);
  let running = await readRunning(context, spec.deploymentId);
  // A single look may come from a server of ECS that lags.
  for (let left = mostLooks; running === undefined && left > 0; left -= 1) {
    await pause(context.options.pollMs, context.signal);
    running = await readRunning(context, spec.deploymentId);
  }
  if (running?.definition === undefined || isDeregistered(running.definition)) throw new Vanished();
  // What another apply has rolled out meanwhile is that one's to look after.
  if (running.spec?.releaseId !== spec.releaseId) return;
  const { changes, definition } = await readFoundations(context, spec, running);
  if (changes.length > 0 || definition === undefined) throw new Vanished();
}

const replaced: Failure = {
  code: 'cancelled',
  message: 'Another process deploys another state at the same time.',
  fix: 'See which of the two should serve, and deploy that one.',
  evidence: {},
};

const imageRemoved: Failure = {
  code: 'image_missing',
  message: 'Another process has removed the image from the registry meanwhile.',
  fix: 'Push the image again, then deploy.',
  evidence: {},
};

const removed: Failure = {
  code: 'cancelled',
  message: 'Another process destroys the deployment at the same time.',
  fix: 'See whether it should serve, and deploy it again if so.',
  evidence: {},
};

/**
 * The spec with the platform that its image decides where none is wanted. Reads only.
 * @throws {StartFailed} When it cannot run here.
 */
async function demandRunnable(job: AwsApply, spec: WorkloadSpec): Promise<WorkloadSpec> {
  const wrong = specFailure(spec);
  if (wrong !== undefined) throw new StartFailed(wrong);
  await demandPlatform(job.context);
  const { failure, unseen, platform } = await findImage(job.context, spec);
  if (unseen !== undefined) step(job, 'image', unseen);
  if (failure !== undefined) throw new StartFailed(failure);
  return { ...spec, platform };
}
